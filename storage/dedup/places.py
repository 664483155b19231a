"""Which of two place names says more: a country's own name says less than a town in it.

Pure text; where places are and which countries they belong to is the extractors' business.
"""

import re

from extractors.types import Place

# Short English names of countries (ISO 3166-1, with the names that news use), in lower case.
_COUNTRIES = frozenset(
    """
    afghanistan; albania; algeria; america; american samoa; andorra; angola; anguilla; antarctica; antigua and
    barbuda; argentina; armenia; aruba; australia; austria; azerbaijan; bahamas; bahrain; bangladesh; barbados;
    belarus; belgium; belize; benin; bermuda; bhutan; bolivia; bonaire; bosnia and herzegovina; botswana; bouvet
    island; brazil; britain; british indian ocean territory; brunei; brunei darussalam; bulgaria; burkina faso;
    burma; burundi; cabo verde; cambodia; cameroon; canada; cape verde; cayman islands; central african
    republic; chad; chile; china; christmas island; cocos (keeling) islands; colombia; comoros; congo; cook
    islands; costa rica; croatia; cuba; curaçao; cyprus; czech republic; czechia; côte d'ivoire; democratic
    republic of congo; denmark; djibouti; dominica; dominican republic; dr congo; east timor; ecuador; egypt; el
    salvador; england; equatorial guinea; eritrea; estonia; eswatini; ethiopia; falkland islands (malvinas);
    faroe islands; fiji; finland; france; french guiana; french polynesia; french southern territories; gabon;
    gambia; georgia; germany; ghana; great britain; greece; greenland; grenada; guadeloupe; guam; guatemala;
    guernsey; guinea; guinea-bissau; guyana; haiti; heard island and mcdonald islands; holland; holy see; holy
    see (vatican city state); honduras; hungary; iceland; india; indonesia; iran; iraq; ireland; isle of man;
    israel; italy; ivory coast; jamaica; japan; jersey; jordan; kazakhstan; kenya; kiribati; korea; kosovo;
    kuwait; kyrgyzstan; lao people's democratic republic; laos; latvia; lebanon; lesotho; liberia; libya;
    liechtenstein; lithuania; luxembourg; macedonia; madagascar; malawi; malaysia; maldives; mali; malta;
    marshall islands; martinique; mauritania; mauritius; mayotte; mexico; micronesia; moldova; mongolia;
    montenegro; montserrat; morocco; mozambique; myanmar; namibia; nauru; nepal; netherlands; new caledonia; new
    zealand; nicaragua; niger; nigeria; niue; norfolk island; north korea; north macedonia; northern mariana
    islands; norway; oman; pakistan; palau; palestine; palestinian territories; panama; papua new guinea;
    paraguay; peru; philippines; pitcairn; poland; portugal; puerto rico; qatar; romania; russia; russian
    federation; rwanda; réunion; saint barthélemy; saint helena; saint kitts and nevis; saint lucia; saint
    martin (french part); saint pierre and miquelon; saint vincent and the grenadines; samoa; san marino; sao
    tome and principe; saudi arabia; scotland; senegal; serbia; seychelles; sierra leone; sint maarten (dutch
    part); slovakia; slovenia; solomon islands; somalia; south africa; south georgia and the south sandwich
    islands; south korea; south sudan; spain; sri lanka; sudan; suriname; svalbard and jan mayen; swaziland;
    sweden; switzerland; syria; syrian arab republic; taiwan; tajikistan; tanzania; thailand; the gambia; the
    netherlands; timor-leste; togo; tokelau; tonga; trinidad and tobago; tunisia; turkey; turkmenistan; turks
    and caicos islands; tuvalu; türkiye; u.k.; u.s.; uae; uganda; uk; ukraine; united arab emirates; united
    kingdom; united states; united states minor outlying islands; uruguay; us; usa; uzbekistan; vanuatu;
    vatican; venezuela; viet nam; vietnam; virgin islands; wales; wallis and futuna; western sahara; yemen;
    zambia; zimbabwe; åland islands
    """.replace("\n    ", " ")
    .strip()
    .split("; "),
)
# "eastern Ukraine" and "southern Lebanon" are nearly as vague as the country.
_DIRECTION = re.compile(r"^(?:the |(?:north|south|east|west|central)(?:-?(?:east|west))?(?:ern)? )+", re.IGNORECASE)


def names_only_country(place: Place) -> bool:
    """Tell whether the place says no more than its country, or a quarter of it."""
    name = place.name.casefold()
    return not name or name in _COUNTRIES or _DIRECTION.sub("", name) in _COUNTRIES


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are one place's, one perhaps with more around it ("Ramstein", "Ramstein Air Base")."""
    words, others = one.casefold().split(), other.casefold().split()
    return words[: len(others)] == others or others[: len(words)] == words


def is_more_exact(new: Place, old: Place) -> bool:
    """Tell whether `new` names a place within what `old` names."""
    return new.country == old.country and names_only_country(old) and not names_only_country(new)
