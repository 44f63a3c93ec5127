import pytest

from crm.duplicates.records import Comparable, Record, comparable
from crm.duplicates.scoring import Scorer, name_similarity, probability, word_similarity

JAN = Record(given="Jan", family="van den Berg", postcode="7511 AB", email="jan@example.org")


def scorer_of(*records: Record, others: int = 200) -> tuple[Scorer, list[Comparable]]:
    """A scorer that knows `records` among as many strangers."""
    strangers = [
        Record(given=f"Given{n % 20}", family=f"Family{n}", city=f"Place{n % 9}") for n in range(others)
    ]
    compared = [comparable(record) for record in (*records, *strangers)]
    return Scorer(compared), compared


def bits(a: Record, b: Record) -> float:
    scorer, compared = scorer_of(a, b)
    return scorer.bits(compared[0], compared[1])


def test_comparable_folds_what_people_write_in_different_ways():
    one = comparable(
        Record(given="Özgür", family="van den Berg", street="Dorpsstr. 12a", phone="053-4890000")
    )
    other = comparable(
        Record(
            given="ozgur",
            family="Berg",
            infix="v.d.",
            street="Dorpsstraat",
            number="12 A",
            phone="+31534890000",
        )
    )
    assert one == other


def test_comparable_takes_letters_in_the_given_name_for_initials():
    found = comparable(Record(given="J.W.", family="Smit"))
    assert (found.given, found.initials) == ("", "jw")


@pytest.mark.parametrize(
    "other",
    [
        Record(given="Jan", family="Berg, van den"),
        Record(given="Berg", family="Jan"),
        Record(given="Jna", family="Berg", infix="van den"),
        Record(initials="J.", family="van den Berg"),
        Record(family="van den Berg", email="jan@example.org"),
        Record(given="Jan", family="van den Bergh", email="jan@example.org"),
    ],
)
def test_bits_same_person_written_otherwise_speaks_for(other: Record):
    assert bits(JAN, other) > 2


@pytest.mark.parametrize(
    "other",
    [
        Record(given="Maria", family="Jansen"),
        Record(given="Maria", family="Visser", email="jan@example.org"),
        Record(initials="P.", family="Pietersen", postcode="7511 AB"),
    ],
)
def test_bits_other_names_speak_against_even_with_a_shared_address(other: Record):
    assert bits(JAN, other) < 0


def test_bits_missing_values_are_neutral():
    assert bits(Record(city="Delden"), JAN) == 0


def test_bits_agreement_on_a_rare_name_counts_for_more():
    common = [Record(given="Jan", family="Jansen") for _ in range(40)]
    rare = [Record(given="Jan", family="Quanz") for _ in range(2)]
    scorer, compared = scorer_of(*common, *rare)
    assert scorer.bits(compared[40], compared[41]) > scorer.bits(compared[0], compared[1]) + 3


def test_bits_colleagues_of_a_large_office_share_little():
    office = {"organisation": "Waterschap Delden", "street": "Markt", "number": "1", "postcode": "7491 AA"}
    people = [Record(given=f"Name{n}", family=f"Fam{n}", **office) for n in range(30)]
    scorer, compared = scorer_of(*people)
    large = scorer.shared(compared[0], compared[1])
    scorer, compared = scorer_of(*people[:2])
    assert large < scorer.shared(compared[0], compared[1])


def test_bits_person_and_organisation_are_never_one():
    assert bits(Record(organisation="Jansen BV"), Record(family="Jansen", organisation="Jansen BV")) < -50


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Gemeente Enschede", "Enschede", True),
        ("Univ. Twente", "Universiteit Twente", True),
        ("Kennispunt Twente", "Kennispunt Twnete", True),
        ("Stichting Delden Cultuur", "Stichting Losser Sport", False),
        ("Universiteit Twente", "Universiteit Utrecht", False),
    ],
)
def test_bits_organisations_by_the_words_of_their_names(one: str, other: str, same: bool):
    assert (bits(Record(organisation=one), Record(organisation=other)) > 0) == same


def test_name_similarity():
    assert name_similarity("jansen", "jnasen") == 0.95
    assert name_similarity("jansen", "jansen de vries") == 0.9
    assert name_similarity("wit", "it") == 0.85
    assert name_similarity("bakker", "visser") < 0.78


def test_word_similarity_of_an_abbreviation():
    assert word_similarity("univ", "universiteit") == 0.9


def test_probability_is_even_at_no_bits():
    assert probability(0) == 0.5
    assert probability(-1000) < 1e-9 < 1 - 1e-9 < probability(1000)
