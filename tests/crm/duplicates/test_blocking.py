from crm.duplicates.blocking import candidates, keys, sound
from crm.duplicates.records import Record, comparable


def found(*records: Record, largest: int = 40) -> list[tuple[int, int]]:
    return list(candidates([comparable(record) for record in records], largest))


def test_candidates_share_two_traits():
    jan = Record(given="Jan", family="Smit", city="Delden")
    assert found(jan, Record(given="Jan", city="Delden"), Record(given="Jan", family="Bos")) == [(0, 1)]


def test_candidates_names_the_other_way_round_meet():
    assert found(Record(given="Jan", family="Smit"), Record(given="Smit", family="Jan")) == [(0, 1)]


def test_candidates_one_shared_address_is_enough():
    assert found(Record(given="A", email="x@example.org"), Record(family="B", email="x@example.org")) == [
        (0, 1)
    ]


def test_candidates_blocks_are_capped():
    many = [Record(given="Jan", family="Smit") for _ in range(5)]
    assert len(found(*many, largest=5)) == 10
    assert found(*many, largest=4) == []


def test_candidates_never_all_pairs():
    people = [Record(given=f"Jan{n}", family=f"Smit{n}", city="Delden") for n in range(200)]
    assert len(found(*people)) < 200 * 40


def test_keys_empty_record_has_none():
    assert list(keys(comparable(Record()))) == []


def test_sound_survives_typing_errors():
    assert sound("jansen") == sound("janssen") == sound("janseen") == "jnsn"
