"""Whatever two tablets send, in whatever order and however often: the count is right."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.clinic.treatment.reference import Message, Paper
from tests.clinic.treatment.treatment_steps import account

from filiform.clinic.treatment import actions, queries
from filiform.clinic.treatment.checks import reasons_against_signing

NAMESPACE = UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")

steps = st.lists(
    st.one_of(
        st.tuples(st.just("insertion"), st.integers(0, 1)),
        st.tuples(st.sampled_from(["twitch", "removal", "removal", "void"]), st.integers(0, 30)),
        st.tuples(st.just("resend"), st.integers(0, 30)),
        st.tuples(st.just("count"), st.sampled_from([0, 0, 0, 1])),
        st.tuples(st.just("account"), st.sampled_from([0, 1])),
        st.tuples(st.just("all-out"), st.just(0)),
    ),
    max_size=22,
)


def messages_of(chosen, paper):
    """Turn steps into messages; indices point at messages that were sent before."""
    sent: list[Message] = []
    for number, (kind, which) in enumerate(chosen):
        if kind == "resend":
            if sent:
                yield sent[which % len(sent)]
            continue
        if kind == "all-out":
            for line in [line for line in paper.lines if paper.is_in(line.id)]:
                message = Message(f"{number}-{line.id}", "removal", line.id)
                sent.append(message)
                yield message
            continue
        about = sent[which % len(sent)].id if sent and kind in ("twitch", "removal", "void") else ""
        opened = paper.needles_used() + which if kind == "count" else 0
        message = Message(str(number), kind, about, opened=opened, in_bin=opened, found=bool(which))
        sent.append(message)
        yield message


def real_id(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def details_of(message, people):
    if message.kind == "count":
        return {"opened": message.opened, "in_bin": message.in_bin}
    return account(*people, found=message.found) if message.kind == "account" else {}


def send(message, *, people, treatment, targets, at):
    about = real_id(message.about) if message.about else None
    return actions.record_act(
        by=people[0],
        treatment=treatment,
        act_id=real_id(message.id),
        kind=message.kind,
        at=at,
        needle=about if message.kind in ("twitch", "removal") else None,
        target=targets[0] if message.kind == "insertion" else None,
        replaces=about if message.kind == "void" else None,
        why="slip" if message.kind == "void" else "",
        details=details_of(message, people),
    )


@given(chosen=steps)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_needles_in_are_insertions_less_removals_and_signing_waits_for_a_count(
    treatment, targets, alice, bob, today, patient, chosen
):
    at = timezone.now()
    paper = Paper()
    with transaction.atomic():
        for step, message in enumerate(messages_of(chosen, paper)):
            answer = send(
                message,
                people=(alice, bob),
                treatment=treatment,
                targets=targets,
                at=at + timedelta(seconds=step),
            )
            assert paper.write(message) == (not isinstance(answer, tuple)), (message, answer)
            assert len(queries.needles_of(treatment)) == paper.needles_in()
        course = queries.course(treatment)
        assert len(course.needles_in) == len(queries.needles_in(patient)) == paper.needles_in()
        assert [act.number for act in course.acts] == list(range(1, len(paper.lines) + 1))
        reasons = reasons_against_signing(by=alice, treatment=treatment, course=course, on=today)
        assert paper.may_be_signed() == (not reasons), reasons
        transaction.set_rollback(True)
