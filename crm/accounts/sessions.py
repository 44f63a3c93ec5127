"""Where somebody is logged in, and ending that."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from crm.accounts.models import User

# What browsers call themselves, the more particular names first: each of them also says "Safari".
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def sessions_of(user: User) -> list[UserSession]:
    """Those that are open, the newest first; each gets a `browser` in words, "" for an unknown one."""
    sessions = sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.created_at, reverse=True)
    for one in sessions:
        one.browser = browser_in(one.user_agent)
    return sessions


def browser_in(user_agent: str) -> str:
    found = (
        next((word for sign, word in words.items() if sign in user_agent), "")
        for words in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))


def end_sessions(*, user: User, key: str, but: str) -> int:
    """End that with this primary key, or with "others" all of `user` except `but`; how many ended."""
    ended = [
        one
        for one in UserSession.objects.filter(user=user)
        if str(one.pk) == key or key == "others" and one.session_key != but
    ]
    for one in ended:
        one.end()
    return len(ended)


def forget_ended() -> None:
    """What is known of sessions that are no more; a second run finds none."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
