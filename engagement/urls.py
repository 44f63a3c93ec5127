"""Gathers the pages of the nouns."""

from engagement.approvals.urls import urlpatterns as approvals
from engagement.attachments.urls import urlpatterns as attachments
from engagement.audiences.urls import urlpatterns as audiences
from engagement.briefings.urls import urlpatterns as briefings
from engagement.compositions.urls import urlpatterns as compositions
from engagement.decisions.urls import urlpatterns as decisions
from engagement.events.urls import urlpatterns as events
from engagement.evidence.urls import urlpatterns as evidence
from engagement.exchange.urls import urlpatterns as exchange
from engagement.feedback.urls import urlpatterns as feedback
from engagement.followups.urls import urlpatterns as followups
from engagement.inbox.urls import urlpatterns as inbox
from engagement.intercoder.urls import urlpatterns as intercoder
from engagement.interviews.urls import urlpatterns as interviews
from engagement.mailings.urls import urlpatterns as mailings
from engagement.planning.urls import urlpatterns as planning
from engagement.public.urls import urlpatterns as public
from engagement.search.urls import urlpatterns as search
from engagement.statements.urls import urlpatterns as statements
from engagement.strategy.urls import urlpatterns as strategy
from engagement.thread.urls import urlpatterns as thread
from engagement.today.urls import urlpatterns as today

urlpatterns = [
    *today,
    *search,
    *planning,
    *interviews,
    *statements,
    *strategy,
    *thread,
    *intercoder,
    *exchange,
    *briefings,
    *decisions,
    *evidence,
    *feedback,
    *followups,
    *approvals,
    *attachments,
    *events,
    *compositions,
    *audiences,
    *mailings,
    *inbox,
    *public,
]
