"""The review and everything that is recorded of it."""

from .actions import Action, ActionGrant, ActionProgress
from .agencies import Agency
from .commissions import Commission, CommissionGrant
from .decisions import InformationGathered, ReviewDecision, ScrutinyAnswer, Telling
from .drafting import Check, PanelAgreement, SignOff
from .family import ContactNote, Relative
from .home_office import ChangesPlan, HomeOfficeAnswer, Pack, Submission
from .identities import SealedIdentity
from .learning import EarlyLearning
from .memberships import Membership
from .notification import Notification
from .panel import PanelMeeting, TermsOfReference
from .pauses import Cancellation, Suspension
from .publication import CommissionersCopy, Publication
from .review import Review, ReviewGrant, StageChange
from .steering import Steering

__all__ = [
    "Action",
    "ActionGrant",
    "ActionProgress",
    "Agency",
    "Cancellation",
    "ChangesPlan",
    "Check",
    "Commission",
    "CommissionGrant",
    "CommissionersCopy",
    "ContactNote",
    "EarlyLearning",
    "HomeOfficeAnswer",
    "InformationGathered",
    "Membership",
    "Notification",
    "Pack",
    "PanelAgreement",
    "PanelMeeting",
    "Publication",
    "Relative",
    "Review",
    "ReviewDecision",
    "ReviewGrant",
    "ScrutinyAnswer",
    "SealedIdentity",
    "SignOff",
    "StageChange",
    "Steering",
    "Submission",
    "Suspension",
    "Telling",
    "TermsOfReference",
]
