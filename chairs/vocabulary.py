"""The words of the register of chairs. Values are stored and frozen: they change only by a migration that says so."""

from django.db.models import TextChoices

from dhr.access.roles import Role


class Service(TextChoices):
    """What somebody offers to do on a review."""

    CHAIR = "chair", "Chair"
    AUTHOR = "author", "Report author"
    BOTH = "both", "Chair and report author"


class PipelineStage(TextChoices):
    """How far somebody is on the way to chairing reviews, in order."""

    PROSPECT = "prospect", "Prospect"
    EXPRESSION_OF_INTEREST = "expression_of_interest", "Expression of interest"
    TRAINING = "training", "In training"
    ASSESSED = "assessed", "Assessed"
    AVAILABLE = "available", "Available"
    APPOINTED = "appointed", "Appointed"
    PAUSED = "paused", "Paused"
    REMOVED = "removed", "Removed"


class Source(TextChoices):
    """Where the partnership found somebody (the board asked for chairs to be found and trained)."""

    FIRE_RETIREE = "fire_retiree", "Retired from the fire service"
    POLICE_RETIREE = "police_retiree", "Retired from the police"
    OTHER_RETIREE = "other_retiree", "Retired from another agency"
    NETWORK = "network", "A network of chairs"
    OTHER_PARTNERSHIP = "other_partnership", "Recommended by another partnership"
    ADVERTISEMENT = "advertisement", "Answered an advertisement"
    OTHER = "other", "Another way"


class Specialism(TextChoices):
    """What somebody knows more of than every chair must."""

    SUICIDE = "suicide", "Suicide"
    OLDER_PEOPLE = "older_people", "Older people"
    CHILDREN = "children", "Children and young people"
    HONOUR = "honour", "So-called honour-based abuse"
    LGBT = "lgbt", "LGBT+ people"
    MENTAL_HEALTH = "mental_health", "Mental health"
    SUBSTANCES = "substances", "Alcohol and drugs"
    DISABILITY = "disability", "Disabled people"


class Training(TextChoices):
    """Courses a chair may have done; the register keeps the day of each."""

    HOME_OFFICE_1 = "home_office_1", "Home Office e-learning, module 1"
    HOME_OFFICE_2 = "home_office_2", "Home Office e-learning, module 2 (chairs)"
    CHAIRING_CERTIFICATE = "chairing_certificate", "Certificate in chairing a domestic homicide review"


class Answer(TextChoices):
    """What a possible chair said when asked about a review."""

    WAITING = "waiting", "No answer yet"
    INTERESTED = "interested", "Interested"
    DECLINED = "declined", "Declined"
    CONFLICT = "conflict", "Has a conflict of interest"


class AppointedAs(TextChoices):
    """The roles somebody can be appointed to; each is the role of the membership that follows the declaration."""

    LEAD_CHAIR = Role.LEAD_CHAIR.value, "Lead chair"
    CHAIR = Role.CHAIR.value, "Chair"
    REPORT_AUTHOR = Role.REPORT_AUTHOR.value, "Report author"
