"""Every address of Kwartet and who may open it, and the path of each with something to show."""

from typing import Any

import pytest
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.directory.bulk.services import plan as plan_bulk
from crm.directory.segments.models import Segment
from crm.duplicates.models import DuplicatePair, Merge
from crm.imports.models import ImportBatch
from engagement.codes.models import Code
from engagement.intercoder.services import start_round
from engagement.interviews.models import Guide
from engagement.mailings.kinds import MessageKind
from engagement.mailings.models import Message
from engagement.statements.recoding import merge_codes
from tests.factories import (
    draft_invitation,
    draft_of,
    invite_everybody,
    make_attachment,
    make_contact,
    make_decision,
    make_event,
    make_evidence,
    make_follow_up,
    make_interview,
    make_item,
    make_organisation,
    make_statement,
    make_tag,
    make_term,
    make_user,
    write,
)

EVERYBODY = set(Role)
TEAM = {Role.CORE_TEAM, Role.COMMUNICATIONS, Role.ADMIN}
SENDERS = {Role.COMMUNICATIONS, Role.ADMIN}
ADMIN = {Role.ADMIN}

# Behind a login: url name -> the roles that may open it. All others get 403, a stranger the login page.
STAFF = {
    "today": EVERYBODY,
    "search": EVERYBODY,
    "account_profile": EVERYBODY,
    "account_resume": EVERYBODY,
    "account_token": EVERYBODY,
    "account_sessions": EVERYBODY,
    "contact_list": EVERYBODY,
    "contact_detail": EVERYBODY,
    "contact_new": TEAM,
    "contact_export": TEAM,
    "contact_columns": EVERYBODY,
    "contact_filters": EVERYBODY,
    "contact_edit": TEAM,
    "contact_told": TEAM,
    "contact_delete": SENDERS,
    "contact_preferences": TEAM,
    "contact_note": TEAM,
    "organisation_note": TEAM,
    "bulk_list": TEAM,
    "bulk_new": TEAM,
    "bulk_detail": TEAM,
    "bulk_progress": TEAM,
    "bulk_start": TEAM,
    "bulk_discard": TEAM,
    "bulk_undo": TEAM,
    "tag_suggestions": EVERYBODY,
    "segment_list": EVERYBODY,
    "segment_menu": EVERYBODY,
    "segment_new": TEAM,
    "segment_edit": TEAM,
    "segment_delete": TEAM,
    "duplicate_list": SENDERS,
    "duplicate_look": SENDERS,
    "duplicate_merge_certain": SENDERS,
    "duplicate_judge": SENDERS,
    "contact_known": TEAM,
    "contact_merge_with": SENDERS,
    "contact_merge": SENDERS,
    "organisation_merge_with": SENDERS,
    "organisation_merge": SENDERS,
    "merge_detail": SENDERS,
    "merge_undo": SENDERS,
    "contact_history": TEAM,
    "contact_restore": TEAM,
    "organisation_history": TEAM,
    "organisation_restore": TEAM,
    "organisation_list": EVERYBODY,
    "organisation_suggestions": EVERYBODY,
    "organisation_export": TEAM,
    "organisation_detail": EVERYBODY,
    "organisation_new": TEAM,
    "organisation_edit": TEAM,
    "organisation_delete": SENDERS,
    "body_list": EVERYBODY,
    "body_detail": EVERYBODY,
    "body_export": TEAM,
    "body_new": TEAM,
    "body_edit": TEAM,
    "body_add_seat": TEAM,
    "seat_edit": TEAM,
    "seat_hand_over": TEAM,
    "term_edit": TEAM,
    "term_remove": TEAM,
    "import_list": ADMIN,
    "import_new": ADMIN,
    "import_detail": ADMIN,
    "import_progress": ADMIN,
    "import_columns": ADMIN,
    "import_decide": ADMIN,
    "import_apply": ADMIN,
    "import_pause": ADMIN,
    "import_undo": ADMIN,
    "import_told": ADMIN,
    "import_discard": ADMIN,
    "import_refused": ADMIN,
    "event_list": EVERYBODY,
    "event_detail": EVERYBODY,
    "event_new": SENDERS,
    "event_edit": SENDERS,
    "event_attendance": SENDERS,
    "event_export": TEAM,
    "event_needs": SENDERS,
    "event_cancel": SENDERS,
    "event_choose": SENDERS,
    "event_invite": SENDERS,
    "interview_list": TEAM,
    "interview_detail": TEAM,
    "interview_new": TEAM,
    "interview_edit": TEAM,
    "interview_delete": TEAM,
    "interview_step": TEAM,
    "interview_plan": TEAM,
    "interview_mail": TEAM,
    "interview_agenda": TEAM,
    "interview_assign": TEAM,
    "guide_list": TEAM,
    "guide_new": TEAM,
    "guide_edit": TEAM,
    "capture": TEAM,
    "capture_text": TEAM,
    "capture_sync": TEAM,
    "capture_paste": TEAM,
    "capture_speaker": TEAM,
    "speaker_remove": TEAM,
    "statement_list": EVERYBODY,
    "statement_detail": EVERYBODY,
    "statement_edit": TEAM,
    "statement_remove": TEAM,
    "statement_split": TEAM,
    "statement_doubt": TEAM,
    "statement_alike": TEAM,
    "statement_exchange": TEAM,
    "statement_export": TEAM,
    "statement_outcome_export": TEAM,
    "statement_project": TEAM,
    "statement_project_whole": {Role.CORE_TEAM},
    "code_export": TEAM,
    "code_codebook": TEAM,
    "code_round_list": TEAM,
    "code_round_new": TEAM,
    "code_round_detail": TEAM,
    "code_round_code": TEAM,
    "code_round_finish": TEAM,
    "code_round_choose": TEAM,
    "strategy_tree": EVERYBODY,
    "strategy_item": EVERYBODY,
    "strategy_versions": EVERYBODY,
    "strategy_new": TEAM,
    "strategy_order": TEAM,
    "strategy_edit": TEAM,
    "strategy_move": TEAM,
    "strategy_delete": TEAM,
    "strategy_export": TEAM,
    "feedback_send": TEAM,
    "approval_ask": TEAM,
    "approval_record": TEAM,
    "approval_take": TEAM,
    "code_list": EVERYBODY,
    "code_new": TEAM,
    "code_edit": TEAM,
    "code_merge": TEAM,
    "code_unmerge": TEAM,
    "code_delete": TEAM,
    "briefing_list": EVERYBODY,
    "briefing_detail": EVERYBODY,
    "briefing_export": EVERYBODY,
    "decision_list": EVERYBODY,
    "decision_new": TEAM,
    "decision_edit": TEAM,
    "decision_delete": TEAM,
    "evidence_link": TEAM,
    "evidence_undo": TEAM,
    "evidence_edit": TEAM,
    "evidence_unlink": TEAM,
    "event_writeup": TEAM,
    "attachment_add": TEAM,
    "attachment_download": TEAM,
    "attachment_remove": TEAM,
    "followup_list": TEAM,
    "followup_new": TEAM,
    "followup_edit": TEAM,
    "followup_done": TEAM,
    "followup_reopen": TEAM,
    "followup_delete": TEAM,
    "followup_rhythm": TEAM,
    "inbox_list": TEAM,
    "mailing_list": TEAM,
    "mailing_detail": TEAM,
    "mailing_export": TEAM,
    "mailing_audience": SENDERS,
    "mailing_leave_out": SENDERS,
    "mailing_take_in": SENDERS,
    "mailing_schedule": SENDERS,
    "mailing_unschedule": SENDERS,
    "mailing_progress": TEAM,
    "mailing_preview": TEAM,
    "mailing_test": SENDERS,
    "composition_new": SENDERS,
    "composition_edit": SENDERS,
    "composition_copy": SENDERS,
    "mailing_delete": SENDERS,
    "composition_proof": SENDERS,
    "mailing_send": SENDERS,
    "mailing_stop": SENDERS,
    "mailing_pause": SENDERS,
    "mailing_resume": SENDERS,
    "message_settle": SENDERS,
}
# Changing something takes a POST: a GET of these is refused to who may post.
POST_ONLY = {
    "contact_note",
    "contact_known",
    "organisation_note",
    "account_token",
    "contact_columns",
    "bulk_start",
    "bulk_discard",
    "bulk_undo",
    "event_attendance",
    "event_cancel",
    "interview_delete",
    "interview_step",
    "interview_assign",
    "interview_mail",
    "capture_sync",
    "capture_paste",
    "speaker_remove",
    "statement_remove",
    "statement_split",
    "statement_doubt",
    "statement_alike",
    "strategy_move",
    "strategy_delete",
    "approval_take",
    "code_merge",
    "code_unmerge",
    "code_delete",
    "code_round_finish",
    "code_round_choose",
    "statement_project_whole",
    "decision_delete",
    "evidence_undo",
    "evidence_unlink",
    "event_writeup",
    "attachment_remove",
    "followup_done",
    "followup_reopen",
    "followup_delete",
    "followup_rhythm",
    "composition_copy",
    "mailing_delete",
    "import_decide",
    "import_apply",
    "import_pause",
    "import_undo",
    "import_told",
    "import_discard",
    "mailing_test",
    "composition_proof",
    "mailing_leave_out",
    "mailing_take_in",
    "mailing_schedule",
    "mailing_unschedule",
    "mailing_send",
    "mailing_stop",
    "mailing_pause",
    "mailing_resume",
    "message_settle",
    "term_remove",
    "segment_delete",
    "contact_told",
    "contact_restore",
    "organisation_restore",
    "duplicate_look",
    "duplicate_merge_certain",
    "duplicate_judge",
    "merge_undo",
}
# For whoever has an account, with a role or without.
OWN = {"today", "account_profile", "account_resume", "account_token", "account_sessions", "search"}
# Whoever holds the token; tests/engagement/public/ tests them.
TOKEN = {"answer", "approval", "feedback", "preferences", "unsubscribe"}
# allauth's own: login, passwords and the second step; tests/crm/accounts/ tests them.
ACCOUNT = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # not found
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reauthenticate",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}
# The frame that opens without a line holds nothing of anybody.
OPEN = {"healthz", "capture_offline", "capture_worker"}
# The API answers a stranger with 401; tests/test_api.py tests the rest of it.
API = {"api_contacts", "api_contact", "api_organisations", "api_organisation", "api_schema"}


@pytest.fixture
def addresses(news: MessageKind) -> dict[str, str]:
    """The path of every staff page, with something to show."""
    contact, event = make_contact(), make_event()
    invite_everybody(event)
    other = make_contact()
    draft = draft_invitation(event)
    interview = make_interview(other, held_at=event.created_at, notes="De hal is te klein.")
    statement = make_statement(interview=interview, codes=["hal", "stroom"])
    gone, kept = Code.objects.all()
    merge = merge_codes(gone=gone, kept=kept, by=make_user())
    batch = ImportBatch.objects.create(kind="contacts", file_name="list.csv")
    term = make_term(contact=other)
    by = make_user()
    bulk = plan_bulk(
        change={"kind": "add tag", "tag": make_tag("x")}, contacts=Contact.objects.all(), audience={}, by=by
    )
    segment = Segment.objects.create(name="Talent", filter={"q": ["x"]}, owner=by, shared=True)
    recipient = draft.recipients.get(contact=other)
    arguments: dict[str, list[Any]] = {
        "contact": [contact.pk],
        "bulk": [bulk.pk],
        "segment": [segment.pk],
        "organisation": [make_organisation().pk],
        "body": [term.seat.body.pk],
        "seat": [term.seat.pk],
        "term": [term.pk],
        "import": [batch.pk],
        "event": [event.pk],
        "interview": [interview.pk],
        "guide": [Guide.objects.create(name="Talent", questions="Wie?").pk],
        "capture": [interview.writeup_id],
        "attachment": [make_attachment(interview.writeup).pk],
        "followup": [make_follow_up(contact=other, writeup=interview.writeup).pk],
        "speaker": [interview.writeup.speakers.get().pk],
        "statement": [statement.pk],
        "strategy": [make_item("3").pk],
        "code": [kept.pk],
        "briefing": ["battle-for-talent"],
        "decision": [make_decision().pk],
        "evidence": [make_evidence(make_statement("De bus is te laat."), make_item()).pk],
        "mailing": [draft.pk],
        "composition": [write().pk],
        "message": [Message.objects.get().pk],
    }
    merged = Merge.objects.create(contact=contact, into_key=contact.pk, gone_key=0, gone_name="Jan")
    arguments |= {
        "merge": [merged.pk],
        "duplicate": [DuplicatePair.objects.create(noun="contact", a=1, b=2, score=1).pk],
    }
    without = (
        "_list",
        "_new",
        "_profile",
        "account_resume",
        "_suggestions",
        "contact_columns",
        "contact_filters",
        "contact_known",
        "_menu",
        "_choose",
        "_token",
        "_sessions",
        "_rhythm",
        "_paste",
        "_look",
        "_certain",
        "_exchange",
        "_project",
        "_whole",
        "_codebook",
        "evidence_link",
        "evidence_undo",
        "feedback_send",
        "_tree",
        "_order",
        "_plan",
        "_mail",
        "_agenda",
    )
    by_more = (
        *("_preview", "_export", "event_needs", "contact_merge", "organisation_merge"),
        *("round_code", "round_choose", "approval_ask", "approval_record", "approval_take"),
    )
    paths = {
        name: reverse(
            name, args=[] if name.endswith((*without, "today", "search")) else arguments[name.split("_")[0]]
        )
        for name in STAFF
        if not name.endswith(by_more)
    }
    for noun, second in (("contact", other), ("organisation", make_organisation())):
        paths[f"{noun}_merge"] = reverse(f"{noun}_merge", args=[*arguments[noun], second.pk])
    for noun in ("contact", "organisation", "statement", "statement_outcome", "code", "strategy"):
        name = f"{noun}_export"
        paths[name] = reverse(name, args=["csv"])
    paths["mailing_audience"] = reverse("mailing_audience", args=[draft_of(news, other).pk])
    coding_round = start_round(coder=by, statements=[statement], by=by)
    for name in ("detail", "finish"):
        paths[f"code_round_{name}"] = reverse(f"code_round_{name}", args=[coding_round.pk])
    for name in ("code", "choose"):
        paths[f"code_round_{name}"] = reverse(f"code_round_{name}", args=[coding_round.pk, 1])
    paths["code_unmerge"] = reverse("code_unmerge", args=[merge.pk])
    paths["briefing_export"] = reverse("briefing_export", args=["battle-for-talent", "csv"])
    exported = {"body": term.seat.body.pk, "event": event.pk, "mailing": draft.pk}
    for name, pk in ((f"{noun}_export", pk) for noun, pk in exported.items()):
        paths[name] = reverse(name, args=[pk, "csv"])
    paths["event_needs"] = reverse("event_needs", args=[event.pk, "csv"])
    speaker = interview.writeup.speakers.get()
    paths["approval_ask"] = reverse("approval_ask", args=[interview.writeup_id])
    paths["approval_record"] = reverse("approval_record", args=[speaker.pk])
    paths["approval_take"] = reverse("approval_take", args=[statement.pk])
    paths["attachment_add"] = reverse("attachment_add", args=[interview.writeup_id])
    return paths | {"mailing_preview": reverse("mailing_preview", args=[draft.pk, recipient.pk])}
