"""C-CDA and its relatives: what a clinical document says is read, and nothing of it in silence.

The documents are made up; the forms in them (concern acts, negated "any problem", closed concerns
without an end) are those of the public samples named in docs/reference/record-forms.md.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from filiform.disclosure import Kind, Status
from filiform.exchange.fhir import BundleError, ReadBundle, read_bundle
from filiform.screening import screen

DAY = date(2026, 3, 2)
SNOMED, RXNORM, LOINC = (f"2.16.840.1.113883.6.{n}" for n in (96, 88, 1))
T = "2.16.840.1.113883.10.20.22.4."
WHO = (
    '<id root="1.2.3" extension="A-17"/><addr><city>Lodz</city></addr><telecom value="tel:+92300"/>'
    '<patient><name use="L"><given>Zofia</given><family>Kruk</family></name>'
    '<administrativeGenderCode code="F"/><birthTime value="197102031455+0100"/></patient>'
)


def code(of: str, code: str, name: str = "", tag: str = "code", inside: str = "") -> str:
    shown = f' displayName="{name}"' if name else ""
    return f'<{tag} xsi:type="CD" code="{code}" codeSystem="{of}"{shown}>{inside}</{tag}>'


def section(loinc: str, *entries: str, text: str = "", attributes: str = "") -> str:
    inside = "".join(f"<entry>{one}</entry>" for one in entries)
    return (
        f'<component><section {attributes}><code code="{loinc}" codeSystem="{LOINC}"/>'
        f"<title>Section {loinc}</title><text>{text}</text>{inside}</section></component>"
    )


def document(*sections: str, who: str = WHO) -> bytes:
    return (
        '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sdtc="urn:hl7-org:sdtc">'
        f"<recordTarget><patientRole>{who}</patientRole></recordTarget><component><structuredBody>"
        f"{''.join(sections)}</structuredBody></component></ClinicalDocument>"
    ).encode()


def read(*sections: str) -> ReadBundle:
    return read_bundle(document(*sections))


def fired(*sections: str) -> set[str]:
    return {one.id for one in screen(read(*sections).disclosure(on=DAY), on=DAY).reasons}


def observation(value: str, *, template: str = "4", more: str = "", negated: str = "") -> str:
    negation = f' negationInd="{negated}"' if negated else ""
    return (
        f'<observation classCode="OBS" moodCode="EVN"{negation}><templateId root="{T}{template}"/>'
        f'<code code="ASSERTION" codeSystem="2.16.840.1.113883.5.4"/>{value}{more}</observation>'
    )


def concern(inner: str, status: str = "active") -> str:
    return (
        f'<act classCode="ACT" moodCode="EVN"><code code="CONC"/><statusCode code="{status}"/>'
        f'<entryRelationship typeCode="SUBJ">{inner}</entryRelationship></act>'
    )


EPILEPSY = code(SNOMED, "84757009", "Epilepsy", "value")
LOW = '<effectiveTime><low value="20120806"/></effectiveTime>'
UNKNOWN_END = '<effectiveTime><low value="20120806"/><high nullFlavor="UNK"/></effectiveTime>'


def standing(of: str) -> str:
    inner = f'<code code="33999-4"/>{code(SNOMED, of, tag="value")}'
    return (
        f'<entryRelationship typeCode="REFR"><observation>{inner}</observation></entryRelationship>'
    )


PROBLEMS = {
    "an active concern": (concern(observation(EPILEPSY, more=LOW)), Status.ACTIVE),
    "without a concern": (observation(EPILEPSY), Status.ACTIVE),
    "a closed concern without an end": (
        concern(observation(EPILEPSY, more=LOW), "completed"), Status.UNKNOWN),
    "a closed concern with an end nobody knows": (
        concern(observation(EPILEPSY, more=UNKNOWN_END), "completed"), Status.RESOLVED),
    "an end nobody knows in an open concern": (
        concern(observation(EPILEPSY, more=UNKNOWN_END)), Status.ACTIVE),
    "an end": (concern(observation(EPILEPSY, more='<effectiveTime><low value="2012"/>'
        '<high value="201301"/></effectiveTime>')), Status.RESOLVED),
    "a status observation": (observation(EPILEPSY, more=standing("277022003")), Status.REMISSION),
    "a status observation against a closed concern": (
        concern(observation(EPILEPSY, more=standing("55561003")), "completed"), Status.ACTIVE),
    "negated": (concern(observation(EPILEPSY, negated="true")), Status.REFUTED),
    "uncertain": (observation(EPILEPSY, more='<uncertaintyCode code="U"/>'), Status.SUSPECTED),
    "taken back": (concern(observation(EPILEPSY), "nullified"), Status.ENTERED_IN_ERROR),
}  # fmt: skip


def test_a_problem_stands_as_its_status_concern_and_dates_together_say() -> None:
    found = {name: read(section("11450-4", one)).facts for name, (one, _) in PROBLEMS.items()}
    assert {name: [fact.status for fact in facts] for name, facts in found.items()} == {
        name: [status] for name, (_, status) in PROBLEMS.items()
    }


NOTHING = {
    Kind.CONDITION: section(
        "11450-4",
        concern(observation(code(SNOMED, "55607006", "Problem", "value"), negated="true")),
    ),
    Kind.ALLERGY: section(
        "48765-2",
        concern(observation(code(SNOMED, "419199007", "", "value"), template="7", negated="true")),
    ),
    Kind.MEDICINE: section(
        "10160-0",
        '<substanceAdministration negationInd="true"><consumable><manufacturedProduct>'
        '<manufacturedMaterial><code nullFlavor="NI"/></manufacturedMaterial>'
        "</manufacturedProduct></consumable></substanceAdministration>",
    ),
    Kind.PROCEDURE: section(
        "47519-4", f'<procedure negationInd="true">{code(SNOMED, "71388002")}</procedure>'
    ),
    Kind.DEVICE: section(
        "46264-8",
        f'<procedure negationInd="true">{code(SNOMED, "71388002")}<participant><participantRole>'
        f"<playingDevice>{code(SNOMED, '40388003')}</playingDevice></participantRole></participant>"
        "</procedure>",
    ),
}


def test_nothing_known_is_an_answer_for_each_kind_and_no_drug_allergy_leaves_latex_open() -> None:
    facts = read(*NOTHING.values()).facts
    assert {fact.kind for fact in facts if fact.none_known} == set(NOTHING)
    drugs = observation(code(SNOMED, "416098002", "", "value"), template="7", negated="true")
    food = observation(code(SNOMED, "414285001", "", "value"), template="7", negated="true")
    for one in (drugs, food):
        found = read(section("48765-2", concern(one)))
        assert [left.why for left in found.left_out] == ["partly-none-known"]
        assert not found.facts


def substance(name: str, **more: str) -> str:
    playing = f"<playingEntity>{name}</playingEntity>"
    value = code(SNOMED, "419199007", "Allergy to substance", "value")
    return observation(
        value + f'<participant typeCode="CSM"><participantRole>{playing}</participantRole>'
        "</participant>",
        template="7", **more,
    )  # fmt: skip


def test_an_allergy_is_to_its_substance_and_its_reaction_is_no_allergy() -> None:
    latex = code(SNOMED, "111088007", "Latex")
    reaction = (
        f'<entryRelationship typeCode="MFST">{observation(EPILEPSY, template="9")}'
        "</entryRelationship>"
    )
    assert fired(section("48765-2", concern(substance(latex, more=reaction)))) == {"latex"}
    assert "latex" in fired(section("48765-2", concern(substance("<name>Latex</name>"))))
    assert "latex" not in fired(section("48765-2", concern(substance(latex, negated="true"))))
    value = code(SNOMED, "300916003", "Latex allergy", "value")
    assert "latex" in fired(section("48765-2", concern(observation(value, template="7"))))
    loose = concern(substance(latex)).replace(
        "</act>",
        f"<entryRelationship>{observation(EPILEPSY, template='9')}</entryRelationship></act>",
    )
    assert len(read(section("48765-2", loose)).facts) == 1


def medicine(
    inside: str = "", *, status: str = "active", attributes: str = 'moodCode="EVN"', what: str = ""
) -> str:
    what = what or code(RXNORM, "855332", "warfarin sodium 5 MG Oral Tablet")
    return (
        f"<substanceAdministration {attributes}><statusCode code='{status}'/>{inside}"
        f"<consumable><manufacturedProduct><manufacturedMaterial>{what}</manufacturedMaterial>"
        "</manufacturedProduct></consumable></substanceAdministration>"
    )


ENDED = '<effectiveTime xsi:type="IVL_TS"><low value="2012"/><high value="2013"/></effectiveTime>'
ONCE = '<effectiveTime value="20120806"/>'
TAKEN = {
    "active": (medicine(), True),
    "meant to be taken": (medicine(attributes='moodCode="INT"'), True),
    "completed without an end, as many systems write": (medicine(status="completed"), True),
    "completed with an end": (medicine(ENDED, status="completed"), False),
    "a single dose long ago": (medicine(ONCE, status="completed"), False),
    "aborted": (medicine(status="aborted"), False),
    "its status says no longer active": (medicine(standing("73425007")), False),
    "refused": (medicine(attributes='moodCode="EVN" negationInd="true"'), False),
    "by its name alone": (medicine(what='<code nullFlavor="OTH"/><name>Marcumar</name>'), True),
    "by a translation": (medicine(what='<code nullFlavor="OTH"><translation code="11289"'
        f' codeSystem="{RXNORM}"/></code>'), True),
    "by its ingredient": (medicine(what='<code nullFlavor="OTH"/><ingredient><ingredient>'
        f'{code(RXNORM, "11289", "warfarin")}</ingredient></ingredient>'), True),
    "a status that is not one of ours": (medicine(standing("12345")), True),
    "for a reason": (medicine(f"<entryRelationship>{observation(EPILEPSY)}</entryRelationship>"),
        True),
}  # fmt: skip


def test_a_medicine_counts_unless_the_document_says_that_it_is_over_or_never_was() -> None:
    found = {name: "anticoagulant-vka" in fired(section("10160-0", one))
             for name, (one, _) in TAKEN.items()}  # fmt: skip
    assert found == {name: taken for name, (_, taken) in TAKEN.items()}


def test_the_daily_dose_the_route_and_what_a_discharge_holds_are_read() -> None:
    twice = (
        '<text>two a day</text><effectiveTime xsi:type="PIVL_TS"><period value="12" unit="h"/>'
        f'</effectiveTime>{code("1.2", "PO", "oral", "routeCode")}<doseQuantity value="1"/>'
    )
    (fact,) = read(section("10183-2", medicine(twice))).facts
    assert (fact.value, fact.unit) == (10.0, "mg/d")
    (fact,) = read(section("10160-0", medicine(twice + "<precondition/>"))).facts
    assert fact.value is None
    eye = code("1.2", "OPTHALM", "ophthalmic", "routeCode")
    drops = medicine(eye, what=code(RXNORM, "3008", "cyclosporine"))
    assert "immunosuppressed" not in fired(section("10160-0", drops))


def test_what_was_dispensed_or_ordered_counts_and_a_vaccine_is_none_of_it() -> None:
    product = code(RXNORM, "855332", "warfarin sodium 5 MG Oral Tablet")
    supply = (
        '<supply moodCode="{}"><effectiveTime value="20260215"/><product><manufacturedProduct>'
        f"<manufacturedMaterial>{product}</manufacturedMaterial></manufacturedProduct></product>"
        "</supply>"
    )
    for mood in ("EVN", "RQO"):
        assert "anticoagulant-vka" in fired(section("10160-0", supply.format(mood)))
    given = section("29549-3", medicine(status="completed"))
    empty = section("10160-0", "<supply><repeatNumber value='2'/></supply>")
    found = read(empty, section("11369-6", medicine()), given)
    assert found.ignored["Immunization"] == 1
    assert [fact.status for fact in found.facts] == [Status.COMPLETED]
    assert any("supply" in one.why for one in found.unread)
    proposed = medicine(attributes='moodCode="PRP"')
    assert [f.status for f in read(section("18776-5", proposed)).facts] == [Status.PLANNED]


HIP = code(SNOMED, "52734007", "Total hip replacement")
PACEMAKER = (
    "<participant typeCode='DEV'><participantRole><playingDevice>"
    f"{code(SNOMED, '14106009', 'Cardiac pacemaker')}</playingDevice></participantRole>"
    "</participant>"
)


def test_a_procedure_by_mood_and_negation_and_the_device_that_took_part() -> None:
    def done(attributes: str = 'moodCode="EVN"', inside: str = HIP) -> set[str]:
        return fired(section("47519-4", f"<procedure {attributes}>{inside}</procedure>"))

    assert "joint-replacement" in done()
    assert "joint-replacement" not in done('moodCode="INT"')
    assert "joint-replacement" not in done('moodCode="EVN" negationInd="true"')
    assert "pacemaker-electro" in done(inside=PACEMAKER + LOW)
    assert "pacemaker-electro" in fired(section("46264-8", f"<supply>{PACEMAKER}</supply>"))
    assert "pacemaker-electro" in fired(section("46264-8", f"<organizer>{PACEMAKER}</organizer>"))
    gone = f'<supply>{PACEMAKER}<statusCode code="aborted"/></supply>'
    assert "pacemaker-electro" not in fired(section("46264-8", gone))
    planned = f'<supply moodCode="INT">{PACEMAKER}</supply>'
    assert "pacemaker-electro" not in fired(section("46264-8", planned))
    never = f'<supply negationInd="true">{PACEMAKER}</supply>'
    assert "pacemaker-electro" not in fired(section("46264-8", never))
    left = f"<qualifier>{code(SNOMED, '7771000', 'left', 'value')}</qualifier>"
    where = code(SNOMED, "24136001", "hip", "targetSiteCode", left)
    sided = f'<act moodCode="EVN">{HIP}<effectiveTime value="2019"/>{where}</act>'
    (fact,) = read(section("47519-4", sided)).facts
    assert (fact.side, fact.start, fact.end) == ("left", date(2019, 1, 1), date(2019, 12, 31))
    name = "<manufacturerModelName>Pacemaker X</manufacturerModelName></playingDevice>"
    model = re.sub("<code.*</playingDevice>", f"<code/>{name}", PACEMAKER)
    wrong = f'<supply>{PACEMAKER}<statusCode code="nullified"/></supply>'
    assert "pacemaker-electro" not in fired(section("46264-8", wrong))
    hernia = f"<observation>{code(SNOMED, '52734007', 'Total hip replacement')}</observation>"
    assert "joint-replacement" in fired(section("47519-4", hernia))
    template = f'<act moodCode="EVN"><templateId root="{T}12"/>{HIP}</act>'
    assert "joint-replacement" in fired(section("x", template))
    assert "pacemaker-electro" in done(inside=model)


def result(name: str, value: str, more: str = "", attributes: str = "") -> str:
    return (
        f"<organizer><component><observation {attributes}><templateId root='{T}2'/>{name}"
        f"<statusCode code='completed'/>{LOW}{value}{more}</observation></component></organizer>"
    )


HIV = code(LOINC, "31201-7", "HIV 1+2 Ab")


def test_results_prove_by_their_value_and_interpretation() -> None:
    positive = code(SNOMED, "10828004", "Positive", "value")
    assert "hiv" in fired(section("30954-2", result(HIV, positive)))
    negative = code(SNOMED, "260385009", "Negative", "value")
    no = "<value xsi:type='BL' value='false'/>"
    for value in (negative, "<value xsi:type='ST'>.</value>", no, "<value nullFlavor='UNK'/>", ""):
        assert "hiv" not in fired(section("30954-2", result(HIV, value)))
    for attributes in ('negationInd="true"', 'moodCode="INT"'):
        never = result(HIV, positive, attributes=attributes)
        assert "hiv" not in fired(section("30954-2", never))
    inr = result(code(LOINC, "6301-6", "INR"), "<value xsi:type='PQ' value='3.4' unit='1'/>",
                 '<interpretationCode code="N" codeSystem="2.16.840.1.113883.5.83"/>')  # fmt: skip
    (fact,) = read(section("30954-2", inr)).facts
    # A laboratory that calls it normal (for that patient) does not take the number away.
    assert (fact.value, fact.status) == (3.4, Status.ACTIVE)
    above = result(code(LOINC, "6301-6", "INR"),
                   "<value xsi:type='IVL_PQ'><low value='8' unit='1'/></value>")  # fmt: skip
    assert [fact.value for fact in read(section("30954-2", above)).facts] == [8.0]
    words = result(code(LOINC, "6301-6", "INR"), "<value xsi:type='PQ'>high</value>")
    assert not read(section("30954-2", words)).facts


def test_a_pregnancy_brings_its_due_date_and_smoking_is_no_disease() -> None:
    due = (
        f"<entryRelationship><observation>{code(LOINC, '11778-8')}"
        '<value xsi:type="TS" value="20260815"/></observation></entryRelationship>'
    )
    pregnant = observation(code(SNOMED, "77386006", "Pregnant", "value"), template="x", more=due)
    found = read(section("29762-2", pregnant))
    assert {fact.unit for fact in found.facts} == {"", "date"}
    smoker = observation(code(SNOMED, "8517006", "Ex-smoker", "value"), template="78")
    assert not read(section("29762-2", smoker)).facts


def test_a_relatives_disease_is_never_the_patients() -> None:
    for subject in (f"{code('1.2', 'FTH', 'father')}", ""):
        family = (
            f"<organizer><subject><relatedSubject>{subject}</relatedSubject></subject><component>"
            f"{observation(EPILEPSY, template='46')}</component></organizer>"
        )
        (fact,) = read(section("10157-6", family)).facts
        assert fact.family
        assert not fired(section("10157-6", family))


def test_what_has_no_name_is_called_by_the_words_of_the_narrative() -> None:
    text = '<table><tr><td ID="p1">Zuckerkrankheit   Typ 2</td></tr></table>'
    value = '<value xsi:type="CD" nullFlavor="UNK"><originalText>{}</originalText></value>'
    for inside in ('<reference value="#p1"/>', "Zuckerkrankheit Typ 2"):
        (fact,) = read(section("11450-4", observation(value.format(inside)), text=text)).facts
        assert fact.text == "Zuckerkrankheit Typ 2"
    bare = code(SNOMED, "123", tag="value") + '<text><reference value="#p1"/></text>'
    generic = code(SNOMED, "55607006", "Problem", "value", code("x", "346.10", "", "translation"))
    for one, expected in ((bare, "Zuckerkrankheit Typ 2"), (generic, "346.10")):
        (fact,) = read(section("11450-4", observation(one), text=text)).facts
        assert fact.text == expected


def test_nothing_of_a_document_passes_in_silence() -> None:
    says = [one.why for one in read(
        section("10160-0", text="Warfarin 5 mg &lt;daily&gt;"),
        section("11450-4", "<act><text>by hand</text></act>", "<observationMedia/>", "<x/>"),
        section("", text="What <br/>nobody coded"),
    ).unread]  # fmt: skip
    assert len(says) == 5
    assert "Warfarin 5 mg" in says[0] + says[3]
    quiet = read(section("10160-0", attributes='nullFlavor="NI"'),
                 section("11450-4", text="No problem data is available"),
                 section("18776-5", "<act><code code='x'/></act>"),
                 section("48768-6", text="Insurance"))  # fmt: skip
    assert not quiet.unread
    assert quiet.ignored["CarePlan"] == 1
    inner = section("x").replace("</section>", section("10160-0", medicine()) + "</section>")
    assert "anticoagulant-vka" in fired(inner)
    diagnosis = f"<entryRelationship>{concern(observation(EPILEPSY))}</entryRelationship>"
    assert "epilepsy" in fired(section("46240-8", f"<encounter>{diagnosis}</encounter>"))
    aim = observation(EPILEPSY).replace("EVN", "GOL")
    assert not read(section("61146-7", aim)).facts


def test_odd_shapes_are_read_for_what_they_hold() -> None:
    device = f"<procedure>{HIP}<entryRelationship typeCode='COMP'><supply>{PACEMAKER}</supply>"
    device += f"</entryRelationship><entryRelationship typeCode='RSON'>{observation(EPILEPSY)}"
    assert fired(section("47519-4", f"{device}</entryRelationship></procedure>")) == {
        "joint-replacement", "pacemaker-electro",
    }  # fmt: skip
    bare = f"<procedure negationInd='true'>{code(SNOMED, '71388002')}{PACEMAKER}</procedure>"
    assert not read(section("46264-8", bare)).disclosure(on=DAY).facts[0].none_known
    (fact,) = read(section("47519-4", f"<procedure>{HIP}{LOW}</procedure>")).facts
    assert fact.start == date(2012, 8, 6)
    person = f"<participant><participantRole/></participant>{HIP}"
    assert "joint-replacement" in fired(section("47519-4", f"<procedure>{person}</procedure>"))
    other = observation(code(SNOMED, "99", "", "value"), template="7", negated="true")
    assert [one.why for one in read(section("48765-2", concern(other))).left_out] == [
        "partly-none-known"
    ]
    stated = code("x", "unheard-of", tag="value")
    odd = f"<entryRelationship><observation><code code='33999-4'/>{stated}</observation>"
    for more in (
        f"{odd}</entryRelationship>",
        odd.replace("33999-4", "SEV") + "</entryRelationship>",
    ):
        (fact,) = read(section("11450-4", observation(EPILEPSY, more=more))).facts
        assert fact.status is Status.ACTIVE
    healthy = observation(EPILEPSY, negated="true")
    family = f"<organizer><subject><relatedSubject/></subject><component>{healthy}</component>"
    assert not read(section("10157-6", f"{family}</organizer>")).facts
    empty = '<value xsi:type="CD" nullFlavor="UNK"><originalText>????</originalText></value>'
    says = read(section("11450-4", observation(empty))).unread
    assert "neither a code nor a text" in says[0].why
    named = '<value xsi:type="CD" nullFlavor="OTH" displayName="Epilepsy"/>'
    assert "epilepsy" in fired(section("11450-4", observation(named)))
    nothing = medicine(what='<code nullFlavor="OTH"/>', attributes="")
    assert "names no medicine" in read(section("10160-0", nothing)).unread[0].why
    assert not read_bundle(document(who=WHO.replace('code="F"', "").replace(' use="L"', ""))).unread
    label = medicine("", what="").replace("manufacturedMaterial", "manufacturedLabeledDrug")
    nameless = "<manufacturedMaterial/></manufacturedProduct>"
    for one in (label, label.replace("</manufacturedProduct>", nameless)):
        assert "anticoagulant-vka" in fired(section("10160-0", one))


def test_a_section_without_a_code_is_known_by_its_template() -> None:
    template = '<templateId root="2.16.840.1.113883.10.20.22.2.1.1"/>'
    bare = section("", medicine()).replace(f'<code code="" codeSystem="{LOINC}"/>', template)
    assert "anticoagulant-vka" in fired(bare)
    for other in ('<templateId root="1.2.3"/>', ""):
        assert "anticoagulant-vka" in fired(bare.replace(template, other))


def test_the_patient_is_named_and_a_death_is_told() -> None:
    who = read_bundle(document()).patient
    assert (who.name, who.sex, who.birth_date) == ("Zofia Kruk", "female", date(1971, 2, 3))
    assert (who.identifiers[0].system, who.identifiers[0].value) == ("urn:oid:1.2.3", "A-17")
    assert (who.phones, who.address) == (("+92300",), "Lodz")
    for told in ('<sdtc:deceasedInd value="true"/>', '<sdtc:deceasedTime value="20250101"/>'):
        assert read_bundle(document(who=WHO.replace("<birth", f"{told}<birth"))).warnings
    odd = (
        '<telecom value="http://x"/><telecom value="a@b"/><telecom/><patient><name>Zofia</name>'
        '<languageCommunication><languageCode code="pl"/></languageCommunication></patient>'
    )
    who = read_bundle(document(who=odd)).patient
    assert (who.name, who.language) == ("Zofia", "pl")
    assert read_bundle(document(who="")).patient.name == ""
    assert read_bundle(document().replace(b"recordTarget", b"author")).patient.name == ""


def test_what_is_no_structured_document_is_told_and_what_is_dangerous_refused() -> None:
    pdf = (
        b"<ClinicalDocument><component><nonXMLBody><text mediaType='application/pdf'/>"
        b"</nonXMLBody></component></ClinicalDocument>"
    )
    assert "application/pdf" in read_bundle(pdf).unread[0].why
    assert "nothing" in read_bundle(b"<ClinicalDocument/>").unread[0].why
    refused = {
        "document type": b'<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument>&a;</ClinicalDocument>',
        "nested deeper": b"<ClinicalDocument>"
        + b"<a>" * 300
        + b"</a>" * 300
        + b"</ClinicalDocument>",
        "not usable XML": b"<ClinicalDocument><a></ClinicalDocument>",
        "about 2 people": document().replace(
            b"<component>", b"<recordTarget><patientRole/></recordTarget><component>", 1
        ),
        "a ClinicalDocument is needed": b"<x><ClinicalDocument/></x>",
        "allowed are 20": b"<ClinicalDocument>" + b" " * 20_000_000 + b"</ClinicalDocument>",
    }
    for says, raw in refused.items():
        with pytest.raises(BundleError, match=says):
            read_bundle(raw, largest_bytes=30_000_000)
