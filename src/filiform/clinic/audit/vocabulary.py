"""Words for every action that the audit may hold, and for what an action was about.

A test reads the source for the codes that are used and fails on one without words here.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    # the public site and its messages
    "message-received": _("A visitor sent a message"),
    "message-taken": _("Took a message"),
    "message-noted": _("Noted something on a message"),
    "message-answered": _("Answered a message"),
    "message-linked": _("Linked a message to a patient"),
    "message-closed": _("Closed a message"),
    "message-reopened": _("Opened a message again"),
    "saw-message": _("Read a patient's message"),
    # people, sites, signing in
    "organisation-founded": _("Founded the clinic's record"),
    "site-opened": _("Added a site"),
    "site-changed": _("Changed a site's public texts"),
    "member-added": _("Added a person"),
    "member-changed": _("Changed a person's details or roles"),
    "member-switched-off": _("Switched a person off"),
    "member-switched-on": _("Switched a person on"),
    "licence-recorded": _("Recorded a registration"),
    "training-recorded": _("Recorded a training"),
    "privilege-granted": _("Granted a region"),
    "credential-amended": _("Amended a credential"),
    "credential-voided": _("Voided a credential"),
    "password-changed": _("Changed a password"),
    "pin-changed": _("Changed a PIN"),
    "signed-in": _("Signed in"),
    "signed-out": _("Signed out"),
    "signed-out-after-wrong-pins": _("Was signed out after wrong PINs"),
    "sign-in-locked": _("Somebody tried wrong passwords; signing in was locked"),
    # patients
    "patient-registered": _("Registered a patient"),
    "patient-corrected": _("Corrected a patient's details"),
    "patient-measured": _("Measured height or weight"),
    "measurement-voided": _("Voided a measurement"),
    "saw-patient": _("Opened a patient's page"),
    "saw-contact-details": _("Opened a patient's contact details"),
    "saw-measurements": _("Opened a patient's measurements"),
    "saw-progress": _("Looked at a patient's progress"),
    # disclosure
    "section-asked": _("Noted that a subject was asked about"),
    "section-asked-voided": _("Took back that a subject was asked about"),
    "fact-disclosed": _("Recorded a condition, allergy or medicine"),
    "nothing-disclosed": _("Recorded that there is nothing of a kind"),
    "fact-amended": _("Amended a disclosed fact"),
    "fact-voided": _("Voided a disclosed fact"),
    "question-answered": _("Recorded an answer to a safety question"),
    "changes-asked": _("Asked what has changed since the last visit"),
    "document-uploaded": _("Uploaded a health summary"),
    "document-dropped": _("Threw an uploaded summary away"),
    "document-imported": _("Took facts over from a health summary"),
    "saw-import": _("Opened the import of a health summary"),
    "saw-document": _("Opened an imported health summary"),
    "saw-disclosure": _("Opened a patient's disclosure"),
    "saw-disclosed-fact": _("Opened a disclosed fact"),
    "saw-change-check": _("Opened the questions about changes"),
    # visits
    "visit-booked": _("Booked a visit"),
    "visit-moved": _("Changed a visit's state"),
    "visit-put-into-episode": _("Put a visit into an episode"),
    "episode-opened": _("Opened an episode of care"),
    "episode-discharged": _("Discharged an episode of care"),
    # assessment
    "story-told": _("Recorded the story and the pain drawing"),
    "safety-confirmed": _("Confirmed the safety verdict"),
    "needling-justified": _("Wrote why needling is justified"),
    "target-chosen": _("Chose a muscle to needle"),
    "target-placed": _("Placed a target on the body"),
    "target-dropped": _("Took a muscle out of the plan"),
    "finding-noted": _("Noted a finding"),
    "needling-planned": _("Planned the needling of a muscle"),
    "saw-story": _("Opened the story of a visit"),
    "saw-safety": _("Opened the safety check of a visit"),
    "saw-targets": _("Opened the targets of a visit"),
    "saw-plan": _("Opened the plan of a visit"),
    # consent
    "consent-text-published": _("Published a consent text"),
    "consent-given": _("Recorded a consent"),
    "consent-withdrawn": _("Recorded that consent was withdrawn"),
    "saw-consent": _("Opened the consent of a visit"),
    "saw-consent-copy": _("Opened the copy of a consent"),
    # treatment
    "treatment-started": _("Started a treatment"),
    "act-insertion": _("Recorded a needle in"),
    "act-twitch": _("Recorded a twitch"),
    "act-pain-reproduced": _("Recorded that the known pain was felt"),
    "act-removal": _("Recorded a needle out"),
    "act-stop": _("Stopped a treatment"),
    "act-count": _("Counted the needles"),
    "act-response": _("Recorded how the patient feels"),
    "act-void": _("Undid a step of a treatment"),
    "treatment-signed": _("Signed and sealed a treatment"),
    "treatment-amended": _("Added an amendment to a treatment"),
    "saw-treatment": _("Opened the treatment page"),
    "saw-treatment-record": _("Opened a treatment's record"),
    # programme
    "programme-item-chosen": _("Chose an exercise or measure"),
    "programme-dose-changed": _("Changed the dose of an exercise"),
    "programme-item-removed": _("Took an exercise out"),
    "saw-programme": _("Opened the programme of a visit"),
    "saw-handout": _("Opened a patient's handout"),
    # aftercare
    "checks-planned": _("Planned the checks after a treatment"),
    "check-answered": _("Recorded the answer to a check"),
    "check-no-reply": _("Noted that nobody answered a check"),
    "check-given-up": _("Closed a check without an answer"),
    "check-covered": _("Settled a check by a later one"),
    "check-taken-over": _("Took a check over"),
    "alarm-acknowledged": _("Acknowledged an alarm"),
    "advice-given": _("Recorded the advice given"),
    "saw-check": _("Opened a check after a treatment"),
    "saw-aftercare": _("Opened the aftercare of a visit"),
    "saw-aftercare-sheet": _("Opened a patient's aftercare sheet"),
    # the audit itself
    "read-audit": _("Read the audit"),
}

SUBJECTS = {
    "staff.organisation": _("Clinic"),
    "staff.site": _("Site"),
    "staff.member": _("Person"),
    "staff.licence": _("Registration"),
    "staff.training": _("Training"),
    "staff.privilege": _("Region"),
    "frontdoor.message": _("Message"),
    "frontdoor.messageevent": _("Step with a message"),
    "patients.patient": _("Patient"),
    "patients.measurement": _("Measurement"),
    "intake.kindasked": _("Subject asked about"),
    "intake.disclosedfact": _("Disclosed fact"),
    "intake.answer": _("Answer to a safety question"),
    "intake.changecheck": _("Check for changes"),
    "intake.pendingimport": _("Uploaded summary"),
    "intake.importeddocument": _("Imported summary"),
    "visits.visit": _("Visit"),
    "visits.episode": _("Episode of care"),
    "visits.discharge": _("Discharge"),
    "assessment.story": _("Story"),
    "assessment.painarea": _("Pain area"),
    "assessment.verdict": _("Safety verdict"),
    "assessment.justification": _("Justification"),
    "assessment.target": _("Target"),
    "assessment.finding": _("Finding"),
    "assessment.plannedneedling": _("Plan for a muscle"),
    "consent.consenttext": _("Consent text"),
    "consent.consent": _("Consent"),
    "consent.withdrawal": _("Withdrawal of consent"),
    "treatment.treatment": _("Treatment"),
    "treatment.act": _("Step of a treatment"),
    "treatment.seal": _("Seal of a treatment"),
    "treatment.amendment": _("Amendment of a treatment"),
    "programme.programmeitem": _("Exercise or measure"),
    "aftercare.check": _("Check after a treatment"),
    "aftercare.checkoutcome": _("Outcome of a check"),
    "aftercare.acknowledgement": _("Acknowledged alarm"),
    "aftercare.advicegiven": _("Advice given"),
}


def action_words(code: str) -> str:
    """What was done, in words; the bare code for one that an older release used."""
    return str(ACTIONS.get(code, code))


def subject_words(code: str) -> str:
    return str(SUBJECTS.get(code, ""))
