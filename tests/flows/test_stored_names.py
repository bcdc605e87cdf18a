"""The frozen list. What stands here is written into rows, keys and files that must be readable in ten years.

A name may be added. A name that goes or changes needs a migration that rewrites what was stored, and a line in
docs/decisions/stored-names.md; only then is it changed here.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from viewflow.workflow.models import Process, Task

from dhr.access.roles import Role, Standing
from dhr.audit.entry_bytes import FORMAT
from dhr.audit.events import EVENTS
from dhr.audit.export import FORMAT as EXPORT_FORMAT
from dhr.audit.offline.package import FORMAT as CHECKED_FORMAT
from tests import build
from tests.cast import Cast
from workflows.desk.jobs import FLOWS
from workflows.models import Step

FLOWS_AND_NODES = {
    "ReviewFlow": """
        agree_draft agree_terms appoint_chairs are_changes_needed await_scrutiny check_anonymisation
        check_version closed closed_without_review complete_action_plan convene_panel decide decide_publication
        did_the_board_sign_off everybody_told fact_check gather_information is_any_check_needed
        is_anything_published is_draft_agreed is_more_information_needed is_no_review is_review_required
        legal_check may_it_be_published_as_it_is must_it_be_submitted must_people_be_told must_the_board_see_it
        open_drafting passed_on plan_changes prepare_pack publish read_with_family record_answer
        scope_with_agencies sign_off start submit_to_home_office tell_everybody tell_family tell_home_office
        upload_draft version_checked wait_for_declarations was_a_review_directed
    """,
    "AppointmentFlow": "declare_independence declared start",
    "CommissionFlow": "is_there_anything_to_sign return_account settled sign_account start",
    "CommissionersCopyFlow": "copy_sent send_commissioners_copy start",
    "FamilyFlow": "contact_ended keep_in_touch start",
    "LearningFlow": "learning_shared share_early_learning start",
}
PERMISSIONS = {
    "accounts.user": "manage_people view_outbox",
    "reviews.review": """
        agree_draft appoint_chair chair_review comment_draft correct_record decide_review hand_over_reviews
        lead_review manage_action manage_membership publish_review record_notification record_progress
        reveal_identity submit_review suspend_review upload_draft view_caseload view_narrative view_review
    """,
    "reviews.action": "update_own_action view_action",
    "reviews.commission": "return_commission sign_commission view_commission",
    "restricted_docs.document": """
        decide_restriction download_document erase_review file_document propose_restriction view_document
    """,
    "chairs.chairprofile": "manage_register view_register",
    "chairs.appointment": "declare_independence",
    "board.boardmeeting": "manage_meeting view_summary",
}
EVENTS_OF_THE_LOG = {
    "access": "granted refused revoked",
    "account": """
        created deactivated factor_changed invitation_used invitation_withdrawn invited list_viewed
        password_changed reactivated role_ended role_given sign_in_failed signed_in signed_out
    """,
    "action": "added completed moved recommendation_added updated viewed",
    "board": "item_added item_closed meeting_added meeting_changed meeting_viewed paper_named summary_viewed",
    "chair": "appointed declared_independence registered retired sounded stood_down updated",
    "commission": "chased nil_returned not_engaging returned sent sent_back signed viewed withdrawn",
    "demo": "loaded",
    "document": """
        audience_changed checked downloaded erased filed found_clean found_infected joined leftovers_deleted opened
        person_named released_to_panel resealed restriction_decided restriction_proposed scanned title_changed
        version_added withdrawn
    """,
    "draft": "added agreed check_failed check_lapsed check_passed commented not_signed_off sent_back signed_off",
    "family": "contact_recorded relative_added relative_updated told",
    "identity": "recorded revealed",
    "erasure": "completed ordered",
    "keys": "papers_resealed review_rotated rotated rotation_begun",
    "learning": "recorded shared",
    "list": "exported searched",
    "log": "exported verified viewed",
    "membership": "changed ended joined",
    "narrative": "viewed",
    "notice": "failed sent",
    "outbox": "viewed",
    "panel": "convened drafting_opened met terms_agreed",
    "publication": "copy_sent decided published",
    "recovery": "finished key_made key_used refused share_given",
    "review": """
        cancelled closed corrected decided direction_received draft_answers_saved family_told handed_over
        home_office_told more_information_asked note_added notified reassigned resumed scoped scrutiny_upheld
        stage_changed step_undone suspended viewed
    """,
    "sealed": "damaged",
    "submission": "answered pack_prepared submitted",
}
ROLES = """
    officer deciding_chair lead_chair chair report_author panel_member agency_author agency_signatory
    action_owner board_reader
"""
STANDING_ROLES = """
    community_safety_officer team_manager board_chair board_member democratic_services_officer
    monitoring_officer data_protection_officer auditor administrator
"""
VOCABULARY = {
    "dhr.reviews.vocabulary.Stage": """
        notification decision chair_appointment panel drafting home_office publication action_plan closed
    """,
    "dhr.reviews.vocabulary.Regime": "dhr_s9 dardr_s8a",
    "dhr.reviews.vocabulary.Means": "here meeting phone email paper",
    "dhr.reviews.vocabulary.Channel": "writing email phone family api",
    "dhr.reviews.vocabulary.Manner": "homicide suicide unexplained homicide_suicide neglect",
    "dhr.reviews.vocabulary.Relationship": "intimate relative household not_known",
    "dhr.reviews.vocabulary.Outcome": "review no_review more_information other_review not_our_area same_death",
    "dhr.reviews.vocabulary.Criterion": "aged_16 violence connected concern normally_lived",
    "dhr.reviews.vocabulary.Scrutiny": "upheld directed",
    "dhr.reviews.vocabulary.CommissionKind": "scoping imr chronology short_report",
    "dhr.reviews.vocabulary.CommissionState": "asked returned signed nil withdrawn not_engaging",
    "dhr.reviews.vocabulary.CheckKind": "fact legal anonymisation family",
    "dhr.reviews.vocabulary.CheckResult": "passed changes declined not_possible",
    "dhr.reviews.vocabulary.PackItem": "overview_report executive_summary action_plan data_form cover_note",
    "dhr.reviews.vocabulary.Answer": "publish publish_after_changes resubmit",
    "dhr.reviews.vocabulary.PublicationForm": "full executive_summary learning_only withheld",
    "dhr.reviews.vocabulary.SuspensionReason": "criminal_proceedings inquest coroner_request other_review other",
    "dhr.reviews.vocabulary.IdentityKind": "deceased suspect family child other",
    "dhr.reviews.vocabulary.ActionStatus": "open done moved",
    "dhr.reviews.vocabulary.ActionScope": "local regional national early_learning",
    "dhr.reviews.vocabulary.MeetingKind": "first progress drafting final",
    "dhr.reviews.vocabulary.Ending": "closed without_review passed_on cancelled",
    "dhr.reviews.models.notification.DateKnown": "known between not_known",
    "dhr.reviews.models.decisions.Told": "home_office family",
    "dhr.reviews.models.steering.Turn": "undone reassigned handed_over resumed part_ended part_changed",
    "restricted_docs.vocabulary.DocumentKind": """
        overview_report executive_summary action_plan data_form cover_note imr chronology short_report
        home_office_letter proof_of_submission terms_of_reference panel_minutes independence_declaration
        board_minute legal_advice police_material health_record correspondence evidence other
    """,
    "restricted_docs.vocabulary.Audience": """
        officers_and_chairs chairs_only panel named legal family_reading board_sign_off
    """,
    "restricted_docs.vocabulary.Marking": "official official_sensitive",
    "restricted_docs.vocabulary.RestrictionState": "proposed decided refused",
    "restricted_docs.vocabulary.RecoveryReason": "root_key_lost key_service_lost drill",
    "restricted_docs.vocabulary.ErasureReason": "retention_ended right_to_erasure recorded_in_error court_order",
    "restricted_docs.vocabulary.Scan": "not_asked waiting clean infected",
    "restricted_docs.kinds.findings.Finding": """
        password macros external_template external_content embedded_files ole_objects activex javascript
        launches media formulas tracked_changes more_behind
    """,
    "restricted_docs.vocabulary.DownloadReason": """
        read_offline work_on_it meeting home_office family court legal_duty other
    """,
    "chairs.vocabulary.Service": "chair author both",
    "chairs.vocabulary.PipelineStage": """
        prospect expression_of_interest training assessed available appointed paused removed
    """,
    "chairs.vocabulary.Source": """
        fire_retiree police_retiree other_retiree network other_partnership advertisement other
    """,
    "chairs.vocabulary.Specialism": "suicide older_people children honour lgbt mental_health substances disability",
    "chairs.vocabulary.Training": "home_office_1 home_office_2 chairing_certificate",
    "chairs.vocabulary.Answer": "waiting interested declined conflict",
    "chairs.vocabulary.AppointedAs": "lead_chair chair report_author",
    "dhr.board.vocabulary.ItemKind": "report verbal presentation",
    "dhr.board.vocabulary.ResolutionKind": "noted agreed further_report",
    "dhr.accounts.models.notices.NoticeKind": """
        task_waiting appointed commission_asked commission_returned version_added suspended resumed
        stage_changed restriction_to_decide invitation reassigned malware_found recovery_key_used
    """,
}
TABLES = {
    "accounts": """
        accounts_invitation accounts_notice accounts_partnership accounts_standingrole accounts_user
        accounts_user_groups accounts_user_user_permissions
    """,
    "audit": "audit_daily_sighting audit_entry audit_head",
    "reviews": """
        reviews_action reviews_actiongrant reviews_actionprogress reviews_agency reviews_cancellation
        reviews_changesplan reviews_check reviews_commission reviews_commission_names_carried
        reviews_commissionerscopy reviews_commissiongrant reviews_contactnote reviews_earlylearning
        reviews_homeofficeanswer reviews_informationgathered reviews_membership reviews_notification
        reviews_pack reviews_panelagreement reviews_panelmeeting reviews_panelmeeting_agencies
        reviews_publication reviews_relative reviews_review reviews_reviewdecision reviews_reviewgrant
        reviews_scrutinyanswer reviews_sealedidentity reviews_signoff reviews_stagechange reviews_steering
        reviews_submission
        reviews_suspension reviews_telling reviews_termsofreference
    """,
    "restricted_docs": """
        restricted_docs_arrivingupload restricted_docs_document restricted_docs_document_named
        restricted_docs_documentgrant restricted_docs_documentversion restricted_docs_erasure
        restricted_docs_parkedupload restricted_docs_restriction restricted_docs_uploadpart
    """,
    "chairs": "chairs_appointment chairs_appointmentgrant chairs_chairprofile chairs_sounding",
    "board": "board_agendaitem board_boardmeeting board_paperreader board_resolution",
    "workflows": "workflows_reviewprocess workflows_savedanswers workflows_step",
}
FORMATS = {"access-log-v1.md": "dhr-access-log/1", "vault-v1.md": "dhr-doc/v1"}

EXPORT_OF_THE_LOG = "dhr-access-log-export/1"


def test_flows_and_their_nodes() -> None:
    assert set(FLOWS) == set(FLOWS_AND_NODES)
    for name, nodes in FLOWS_AND_NODES.items():
        assert {node.name for node in FLOWS[name].instance.nodes()} == set(nodes.split()), name


def test_permission_codes() -> None:
    found = defaultdict(set)
    for label in TABLES:
        for model in apps.get_app_config(label).get_models():
            codes = {code for code, _ in model._meta.permissions}
            if codes:
                found[f"{label}.{model._meta.model_name}"] = codes
    assert found == {model: set(codes.split()) for model, codes in PERMISSIONS.items()}


def test_events_of_the_access_log() -> None:
    frozen = {f"{subject}.{fact}" for subject, facts in EVENTS_OF_THE_LOG.items() for fact in facts.split()}
    assert set(EVENTS) == frozen


def test_roles() -> None:
    assert set(Role) == set(ROLES.split())
    assert set(Standing) == set(STANDING_ROLES.split())


@pytest.mark.parametrize("name", VOCABULARY)
def test_values_of(name: str) -> None:
    module, _, words = name.rpartition(".")
    values: Any = getattr(importlib.import_module(module), words)
    assert [value.value for value in values] == VOCABULARY[name].split()


@pytest.mark.parametrize(
    "module",
    ["dhr.reviews.vocabulary", "restricted_docs.vocabulary", "chairs.vocabulary", "dhr.board.vocabulary"],
)
def test_every_word_of_a_vocabulary_is_frozen(module: str) -> None:
    found = importlib.import_module(module)
    words = {
        name
        for name, value in vars(found).items()
        if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module
    }
    assert {f"{module}.{name}" for name in words} == {name for name in VOCABULARY if name.rpartition(".")[0] == module}


@pytest.mark.parametrize("label", TABLES)
def test_tables_of(label: str) -> None:
    tables = {model._meta.db_table for model in apps.get_app_config(label).get_models(include_auto_created=True)}
    assert tables == set(TABLES[label].split())


def test_formats_are_described_and_named_as_they_are_written() -> None:
    folder = Path(__file__).resolve().parents[2] / "docs" / "formats"
    assert {path.name for path in folder.glob("*.md")} == set(FORMATS)
    assert FORMATS["access-log-v1.md"] == FORMAT
    assert EXPORT_OF_THE_LOG == EXPORT_FORMAT == CHECKED_FORMAT
    assert EXPORT_OF_THE_LOG in (folder / "access-log-v1.md").read_text()
    for name, written in FORMATS.items():
        assert written in (folder / name).read_text()


def test_every_stored_reference_to_a_flow_or_a_node_resolves(cast: Cast) -> None:
    build.review_at("closed", cast)
    for process in Process.objects.all():
        assert process.flow_class is not None, "A process names a flow that is not there any more."
    for task in Task.objects.select_related("process"):
        assert task.flow_task is not None, "A task names a node that is not there any more."
        assert task.flow_task.flow_class is task.process.flow_class
    for step in Step.objects.all():
        assert step.node in FLOWS_AND_NODES[step.flow].split()
        assert FLOWS[step.flow].instance.node(step.node) is not None


def test_what_viewflow_stores_is_the_path_to_the_flow_and_the_node(cast: Cast) -> None:
    build.notify(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT flow_class FROM viewflow_process")
        assert cursor.fetchall() == [("workflows/flows.review.ReviewFlow",)]
        cursor.execute("SELECT flow_task FROM viewflow_task ORDER BY id")
        paths = [path for (path,) in cursor.fetchall()]
    assert paths == ["workflows/flows.review.ReviewFlow.start", "workflows/flows.review.ReviewFlow.scope_with_agencies"]
