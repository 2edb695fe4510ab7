"""Names compared: the same in another order or spelling, nearly the same, another's, or neither."""

import pytest

from chalicelib.adapters.similarity import word_distance
from chalicelib.domain.names import NameMatch, compare, words_of

SAME = [
    ("Jo Citizen", "Jo Citizen"),
    ("Jo Citizen", "JO  CITIZEN"),
    ("Jo Citizen", "Citizen, Jo"),
    ("Mr Jo Citizen", "JO CITIZEN"),
    ("Dr. Jo Citizen", "Ms Jo Citizen"),
    ("Prof Dame Jo Citizen", "Citizen Jo"),
    ("José Núñez", "Jose Nunez"),
    ("Zoë Müller", "ZOE MULLER"),
    ("Søren Østergård", "Soren Ostergard"),
    ("Łukasz Wałęsa", "Lukasz Walesa"),
    ("Max Strauß", "Max Strauss"),
    ("Ængus Œuvre", "Aengus Oeuvre"),
    ("Siobhán O\u2019Brien", "Siobhan O'Brien"),
    ("Siobhan O`Brien", "SIOBHAN OBRIEN"),
    ("Anne Smith-Jones", "Smith Jones Anne"),
    ("Ann MacDonald", "Ann Mac Donald"),
    ("Marco De Luca", "DELUCA MARCO"),
    ("Jo van der Berg", "Vanderberg Jo"),
    ("Nguyễn Văn An", "An Van Nguyen"),
    ("Đặng Thị Mai", "Mai Thi Dang"),
    ("İpek Y\u0131ld\u0131z", "Ipek Yildiz"),
    ("John Q Citizen", "John Citizen"),
    ("John Q. R. Citizen", "Citizen John"),
    ("John and Mary Citizen", "Mary & John Citizen"),
    ("Citizen, J & M", "J and M Citizen"),
    ("Example Pty Ltd", "EXAMPLE PTY. LIMITED"),
    ("Example Trading Co.", "Example Trading Company"),
    ("Example (NSW) Proprietary Limited", "Example NSW Pty Ltd"),
    ("The Trustee for the Citizen Family Trust", "Citizen Family Trust"),
    ("J Citizen ATF Citizen Family Trust", "J Citizen as trustee for Citizen Family Trust"),
    ("3 Sons Plumbing", "3 SONS PLUMBING PTY LTD"),
    ("Example", "Example Pty Ltd"),
    ("Co Pty Ltd", "CO PTY LTD"),
    ("王小明", "王小明"),
    ("김철수", "김철수"),
    ("やまだ たろう", "たろう　やまだ"),
    ("Αλέξανδρος Παππάς", "ΠΑΠΠΑΣ ΑΛΕΞΑΝΔΡΟΣ"),
    ("Иван Петров", "ПЕТРОВ ИВАН"),
    ("محمد علي", "علي محمد"),
    ("प्रिया शर्मा", "शर्मा प्रिया"),
]
NEARLY = [
    ("Jon Citizen", "John Citizen"),
    ("Ann Citizen", "Anne Citizen"),
    ("Catherine Citizen", "Katherine Citizen"),
    ("Jo Citizen", "Jo Citiezn"),
    ("Jo Citizen", "Jo Cytisen"),
    ("Jon Peter Citizen", "John Peter Citizen"),
    ("Jo Citizenship", "Jo Citysenship"),
    ("J Citizen", "John Citizen"),
    ("J Q Citizen", "John Quentin Citizen"),
    ("John Citizen", "J. Citizen"),
    ("Citizen", "J Citizen"),
    ("John Quentin Citizen", "John Citizen"),
    ("Maria Garcia Lopez", "Maria Garcia"),
    ("John and Mary Citizen", "Mary Citizen"),
    ("J & M Citizen", "Mary Citizen"),
    ("J & M Citizen", "John and Mary Citizen"),
    ("John Citizen T/A Citizen Plumbing", "John Citizen"),
    ("Jo Citizen trading as Jo's Flowers", "Jo Citizen"),
    ("John Citizen Jr", "John Citizen"),
    ("Exampl", "Example"),
    ("Иван Петров", "Иван Петрав"),
]
OTHER = [
    ("Jo Citizen", "Mary Smith"),
    ("Jo Citizen", "Mo Citizen"),
    ("Bob Citizen", "Rob Citizen"),
    ("Jo Walker", "Jo Wilken"),
    ("John Citizen", "Mary Citizen"),
    ("Bob Citizen", "Robert Citizen"),
    ("Jo Citizen", "Citizen"),
    ("Jane Smyth", "June Smith"),
    ("A B Citizen", "A C Citizen"),
    ("J C", "John Citizen"),
    ("John Citizen Jr", "John Citizen Sr"),
    ("Citizen Trust No 1", "Citizen Trust No 2"),
    ("Unit 101 Trust", "Unit 102 Trust"),
    ("Lot 10421 Trust", "Lot 10431 Trust"),
    ("Riverside Holdings Pty Ltd", "Hillside Holdings Pty Ltd"),
    ("Example Pty Ltd", "Another Pty Ltd"),
    ("Mr Smith", "Mr Jones"),
    ("王小明", "李小龙"),
    ("Иван Петров", "Мария Кузнецова"),
    ("राम", "रमा"),
]
NOTHING = [
    ("Jo Citizen", ""),
    ("", "Jo Citizen"),
    ("Jo Citizen", "   "),
    ("Jo Citizen", "- / -"),
    ("Jo Citizen", "\U0001f600"),
    ("王小明", "Xiaoming Wang"),
    ("Иван Петров", "Ivan Petrov"),
    ("Jo 王", "Jo Wang"),
]
TABLE = [
    *((one, two, NameMatch.MATCH) for one, two in SAME),
    *((one, two, NameMatch.CLOSE) for one, two in NEARLY),
    *((one, two, NameMatch.NO_MATCH) for one, two in OTHER),
    *((one, two, NameMatch.UNKNOWN) for one, two in NOTHING),
]


@pytest.mark.parametrize(("ours", "registered", "verdict"), TABLE)
def test_names_are_compared_and_it_does_not_matter_which_is_whose(ours, registered, verdict):
    assert compare(ours, registered, distance=word_distance) is verdict
    assert compare(registered, ours, distance=word_distance) is verdict


@pytest.mark.parametrize(
    "name", sorted({name for pair in (*SAME, *NEARLY, *OTHER) for name in pair})
)
def test_every_name_is_its_own_match(name):
    assert compare(name, name, distance=word_distance) is NameMatch.MATCH


def test_a_word_that_is_left_out_stays_where_there_is_no_other():
    assert words_of("Mr and Mrs") == ["mr", "and", "mrs"]
    assert words_of("The Limited") == ["the", "limited"]


def test_how_far_words_are_apart_is_asked_of_whoever_compares():
    asked = []

    def never_near(one, two):
        asked.append({one, two})
        return 9

    assert compare("Jon Citizen", "John Citizen", distance=never_near) is NameMatch.NO_MATCH
    assert asked == [{"jon", "john"}]


@pytest.mark.parametrize(
    ("one", "two", "apart"), [("", "", 0), ("jon", "john", 1), ("jo", "oj", 1), ("a", "xyz", 3)]
)
def test_words_are_apart_by_letters_changed_and_neighbours_exchanged(one, two, apart):
    assert word_distance(one, two) == apart
    assert type(word_distance(one, two)) is int
