"""The words that stand in figures, in English and in Arabic, and how instants are written."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from corridor.case import EVERYBODY
from corridor.figures.style import Language
from corridor.figures.words_analysis import ANALYSIS_WORDS

if TYPE_CHECKING:
    from corridor.figures.reading import Reading

__all__ = [
    "count",
    "date",
    "day",
    "instant",
    "limits",
    "listed",
    "month",
    "parts",
    "people",
    "period",
    "pockets",
    "share",
    "sources",
    "thousands",
    "tonnes",
    "whose",
    "within",
    "word",
]

_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "ar": (
        "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
        "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
    ),
}  # fmt: skip
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "ar": (),
}

_ISOLATE, _END_OF_ISOLATE, _NO_BREAK = "\u2068", "\u2069", "\u00a0"

MILLION = 950_000
"""From here on people are counted in millions."""
THOUSAND, HALF_A_PERSON = 950, 0.5
"""From here on people are counted in thousands, and from here on there is somebody."""

_WORDS: dict[str, tuple[str, str]] = {
    "period": (
        "{what}; {from_} to {to}, local time (UTC{offset})",
        "{what}؛ من {from_} إلى {to}، بالتوقيت المحلي (UTC{offset})",
    ),
    "who_holds": ("Who holds what in {title}", "السيطرة على الأرض: {title}"),
    "splits": (
        "Territory held by the {actor} splits into {count} on {when}",
        "الأراضي الخاضعة لسيطرة {actor} تنقسم إلى {count} في {when}",
    ),
    "stays_whole": (
        "Territory held by the {actor} stays in one piece",
        "الأراضي الخاضعة لسيطرة {actor} تبقى متصلة",
    ),
    "pockets": ("{actor}: {count}", "{actor}: {count}"),
    "territory_subtitle": (
        "Zones by holder of the nearest place by road; pockets: parts of one territory that no open road joins",
        "مناطق السيطرة بحسب الجهة المسيطرة على أقرب مكان بالطريق؛ الجيوب: أجزاء لا يصل بينها طريق مفتوح",
    ),
    "km": ("{km} km", "{km} كم"),
    "people": ("{count} people", "{count} نسمة"),
    "nobody": ("nobody", "لا أحد"),
    "million": ("{number}\u00a0m", "{number}\u00a0مليون"),
    "thousand": ("{number},000", "{number}\u00a0ألف"),
    "few": ("fewer than {number}", "أقل من {number}"),
    "contested": ("contested", "متنازع عليها"),
    "front": ("road cut by a front", "طريق تقطعه جبهة"),
    "open_road": (
        "{place} enlarged: road open to the {actor}",
        "تكبير {place}: طريق مفتوح أمام {actor}",
    ),
    "closed": ("road closed", "طريق مغلق"),
    "major_road": ("motorway, trunk road", "طريق سريع أو رئيسي"),
    "minor_road": ("other road", "طريق آخر"),
    "pipeline": ("pipeline", "خط أنابيب"),
    "port": ("port", "ميناء"),
    "refinery": ("refinery", "مصفاة"),
    "crossing": ("border crossing", "معبر حدودي"),
    "pockets_key": (
        "{actor}: largest pocket, second, all others",
        "{actor}: الجيب الأكبر، فالثاني، فسائر الجيوب",
    ),
    "border_note": (
        "Boundaries as in Natural Earth; they do not imply endorsement, and some are disputed.",
        "الحدود بحسب Natural Earth، ولا تعني إقرارًا بها، وبعضها متنازع عليه.",
    ),
    "zones_note": (
        "Zones and fronts follow straight road links; control is nominal. Lighter tones: a holder's smaller pockets.",
        "المناطق والجبهات محسوبة على وصلات طرق مستقيمة؛ والسيطرة اسمية؛ والألوان الأفتح جيوب أصغر للجهة نفسها.",
    ),
    "sources": ("Sources: {sources}", "المصادر: {sources}"),
    "run": ("Run {name}, corridor {version}.", "التشغيل {name}، {version}."),
    "stocks_note": (
        "Stocks, fleets and pipeline flows are weakly known: days, not hours, can be read off.",
        "المخزونات والأساطيل وتدفقات الأنابيب غير معروفة جيدًا: تُقرأ منها الأيام لا الساعات.",
    ),
    "connectivity_split": (
        "From {when} no road joins {first} to {second} in territory held by the {actor}",
        "منذ {when} لا طريق يصل {first} ب{second} في الأراضي الخاضعة لسيطرة {actor}",
    ),
    "connectivity": (
        "What holds the territory of the {actor} together",
        "ترابط الأراضي الخاضعة لسيطرة {actor}",
    ),
    "connectivity_subtitle": (
        "Pockets, people in the largest, and truck hours between cities by roads open within the territory",
        "الجيوب، والسكان في أكبرها، وساعات الشاحنة بين المدن عبر الطرق المفتوحة داخل الأراضي",
    ),
    "substantial_axis": ("Substantial\npockets", "الجيوب\nالكبيرة"),
    "largest_axis": ("People in the\nlargest pocket", "السكان في\nالجيب الأكبر"),
    "hours_axis": (
        "Truck hours, on one scale: 0 to {hours} hours",
        "ساعات الشاحنة، بمقياس واحد: من 0 إلى {hours} ساعات",
    ),
    "no_road": ("no road", "لا طريق"),
    "no_road_key": ("no road between two ends held", "لا طريق بين طرفين تحت السيطرة"),
    "not_held": ("not held", "خارج السيطرة"),
    "not_held_key": ("an end is not held", "أحد الطرفين خارج السيطرة"),
    "place_not_held": ("{place} not held", "{place} خارج السيطرة"),
    "hours_short": ("{hours} h", "{hours} س"),
    "heat_title": (
        "{commodity} runs out in {failed} of {places} places, first in {first}",
        "{commodity}: نفاد في {failed} من {places} مكانًا، وأولها {first}",
    ),
    "heat_title_one": (
        "{commodity} runs out in one of {places} places: {first}",
        "{commodity}: نفاد في مكان واحد من {places} مكانًا: {first}",
    ),
    "heat_title_none": (
        "{commodity} runs out in none of {places} places",
        "{commodity}: لا نفاد في أي من {places} مكانًا",
    ),
    "heat_subtitle": (
        "The {places} largest places held by the {actor} at the start: days of supply, first to run out on top",
        "أكبر {places} مكانًا كانت تحت سيطرة {actor} في البداية: المخزون بأيام الطلب اليومي، والأقرب إلى النفاد أولًا",
    ),
    "days": ("days of supply", "أيام الإمداد"),
    "at_least_days": ("≥ {days} days of supply", "{days} أيام إمداد فأكثر"),
    "areas_title": (
        "How long stocks last in the area of {area} and in others",
        "كم يدوم المخزون في منطقة {area} وفي غيرها",
    ),
    "areas_title_none": (
        "After {when} no stock in the area of {area} falls by a tenth",
        "بعد {when} لا ينخفض أي مخزون في منطقة {area} بمقدار العُشر",
    ),
    "areas_title_falls": (
        "Days of supply of the area of {area} fall after {when}: {falls}",
        "أيام إمداد منطقة {area} تنخفض بعد {when}: {falls}",
    ),
    "areas_title_cut": (
        "After {when} no convoy from the area of {origin} reaches that of {area}; its stocks fall: {falls}",
        "بعد {when} لا تصل أي قافلة من منطقة {origin} إلى منطقة {area}؛ ومخزوناتها تنخفض: {falls}",
    ),
    "areas_note": (
        "Stocks are summed over an area whoever holds its parts; marks: its largest place changes hands.",
        "مخزونات المنطقة كلها أيًا كانت الجهة المسيطرة على أجزائها؛ العلامات: تغير السيطرة على أكبر أماكنها.",
    ),
    "falls": ("{commodity} from {before} to {after} days", "{commodity} من {before} إلى {after} يوم"),
    "falls_too": ("{commodity} from {before} to {after}", "{commodity} من {before} إلى {after}"),
    "areas_subtitle": (
        "Stock of supply areas, depots, silos and refineries included, in days of everyday demand; a city names each",
        "مخزون مناطق الإمداد بمستودعاتها وصوامعها ومصافيها، بأيام الطلب اليومي؛ وتسمى كل منطقة باسم إحدى مدنها",
    ),
    "off_scale_range": ("{low} to {high} days", "من {low} إلى {high} يوم"),
    "off_scale_most": ("up to {high} days", "حتى {high} يوم"),
    "split_mark": ("{actor} territory splits, {when}", "انقسام أراضي {actor}، {when}"),
    "under": ("less than {days}", "أقل من {days}"),
    "none_left": ("none left", "نفد"),
    "in_days": ("{commodity}, days", "{commodity}، أيام"),
    "changes_to": ("passes to: {actor}", "تنتقل إلى: {actor}"),
    "changes_to_contested": ("becomes contested", "تصبح متنازعًا عليها"),
    "curves_title": (
        "{place} is the first of {places} places to run out of {commodity}, on {when}",
        "{place} أول {places} أماكن ينفد فيها {commodity}، في {when}",
    ),
    "curves_title_none": (
        "Nothing runs out in the {places} places shown, though {place} is down to {days} days of {commodity}",
        "لا نفاد في الأماكن المعروضة ({places})، لكن لا يبقى في {place} سوى {days} يوم من {commodity}",
    ),
    "curves_subtitle": (
        "Stock held in the place itself, without the depots of its area, in days of everyday demand",
        "مخزون المكان نفسه، من دون مستودعات منطقته، بأيام الطلب اليومي",
    ),
    "ledger_title": (
        "{commodity}: {came} came in, {used} were used, {hands} changed hands in stock",
        "{commodity}: دخل {came} واستُهلك {used}، وانتقل {hands} من المخزون إلى أيدٍ أخرى",
    ),
    "ledger_title_kept": (
        "{commodity}: {came} came in and {used} were used; no stock changed hands",
        "{commodity}: دخل {came} واستُهلك {used}، ولم ينتقل أي مخزون إلى أيدٍ أخرى",
    ),
    "ledger_subtitle": (
        "Where it came from, in whose stock it lay and what became of it; transport is what was sent less what arrived",
        "من أين جاء، وفي مخزون من كان، وإلى أين ذهب؛ والنقل هو المُرسَل مطروحًا منه ما وصل",
    ),
    "ledger_note": (
        "Holders and flows between holders of less than half a per cent or so are not drawn; transfers.csv has all.",
        "لم تُرسم الجهات والتدفقات بينها التي تقل عن نحو نصف في المئة؛ وكلها في transfers.csv.",
    ),
    "ledger_from": ("Came from", "جاء من"),
    "ledger_held": ("In the stock of", "في مخزون"),
    "ledger_to": ("Went to", "ذهب إلى"),
    "ledger_loaded": ("{tonnes} (loaded in all: {loaded})", "{tonnes} (المحمَّل إجمالًا: {loaded})"),
    "tonnes": ("{number}\u00a0t", "{number}\u00a0طن"),
    "account_opening": ("there at the start", "موجود في البداية"),
    "account_source": ("produced, imported", "إنتاج واستيراد"),
    "account_made": ("refined, milled", "تكرير وطحن"),
    "account_in_transit": ("On the road", "على الطريق"),
    "account_pipe_fill": ("In pipelines", "في الأنابيب"),
    "account_consumed": ("consumed", "استهلاك"),
    "account_converted": ("refined, burnt for power", "للتكرير وتوليد الكهرباء"),
    "account_exported": ("exported", "تصدير"),
    "account_captured": ("captured on the way", "استيلاء على الطريق"),
    "account_destroyed": ("destroyed", "دُمّر"),
    "account_closing": ("left at the end", "متبقٍّ في النهاية"),
    "network_title": (
        "{nodes} places and facilities, {roads} roads, {pipelines} pipelines",
        "{nodes} مكانًا ومنشأة، {roads} طريقًا، {pipelines} خط أنابيب",
    ),
    "network_subtitle": (
        "Network {network}: roads by class, pipelines by what they carry",
        "شبكة {network}: الطرق بحسب الصنف، وخطوط الأنابيب بحسب ما تنقله",
    ),
    "road_motorway": ("motorway", "طريق سريع"),
    "road_trunk": ("trunk road", "طريق رئيسي"),
    "road_primary": ("primary road", "طريق أولي"),
    "road_minor_road": ("other road", "طريق آخر"),
    "pipe_crude": ("crude oil pipeline", "خط نفط خام"),
    "pipe_gas": ("gas pipeline", "خط غاز"),
    "pipe_products": ("oil product pipeline", "خط مشتقات نفطية"),
    "place": ("place", "مكان"),
    "field": ("field, gas plant, pumping station", "حقل أو معمل غاز أو محطة ضخ"),
    "power_plant": ("power plant", "محطة كهرباء"),
    "store": ("depot, silo, mill", "مستودع أو صومعة أو مطحنة"),
    "airport": ("airport, air base", "مطار أو قاعدة جوية"),
    "straight_note": (
        "Links are drawn straight between places; their lengths are those of the road.",
        "الوصلات مرسومة مستقيمة بين الأماكن، وأطوالها أطوال الطريق.",
    ),
    **ANALYSIS_WORDS,
}


def word(key: str, language: Language, **fields: object) -> str:
    """Return the words of `key`, its fields filled in."""
    return _WORDS[key][1 if language == "ar" else 0].format(**fields)


def period(key: str, reading: "Reading", **fields: object) -> str:
    """Return the words of `key`, its fields filled in, with the period of a run and its offset."""
    language = reading.language
    first, last = (date(moment, language) for moment in (reading.start, reading.end))
    return word("period", language, what=word(key, language, **fields), from_=first, to=last, offset=reading.offset)


def whose(key: str, reading: "Reading", actor: int, hour: float) -> str:
    """Return words about an actor at an hour, or those about everybody where a network is looked at by itself."""
    language = reading.language
    if reading.actor_id(actor) == EVERYBODY:
        return word(f"{key}_everybody", language)
    when = instant(reading.moment(hour), language)
    return word(key, language, actor=reading.actor_names[actor], when=when, offset=reading.offset)


def sources(reading: "Reading") -> str:
    """Return the line that says where a run's data and its figures come from.

    In Arabic every name in Latin letters is laid out by itself, so that the list runs from right to left.
    """
    language, attrs = reading.language, reading.attrs
    name, version = str(attrs.get("name", "")), str(attrs.get("version", ""))
    listed_sources = str(attrs.get("sources", "")).rstrip(". ")
    if language == "ar":
        name, version = _isolated(name), _isolated(f"corridor {version}")
        listed_sources = listed(list(map(_isolated, re.split(r"[,;] ", listed_sources))), language)
    told = word("sources", language, sources=listed_sources)
    return f"{told}. {word('run', language, name=name, version=version)}"


def _isolated(latin: str) -> str:
    """Return a name in Latin letters that keeps together and its own direction within a line of Arabic."""
    return f"{_ISOLATE}{latin.replace(' ', _NO_BREAK)}{_END_OF_ISOLATE}"


def limits(reading: "Reading", *notes: str) -> list[str]:
    """Return the last lines of a figure of supplies: notes of its own, what the model knows badly, and the sources."""
    language = reading.language
    return [" ".join(word(note, language) for note in (*notes, "stocks_note")), sources(reading)]


def pockets(number: int, language: Language, *, actor: str) -> str:
    """Return how many substantial pockets an actor (named, unless empty) has."""
    if language == "ar":
        told = {0: "لا جيوب كبيرة", 1: "جيب كبير واحد", 2: "جيبان كبيران"}.get(number, f"{number} جيوب كبيرة")
    else:
        told = f"{count(number, language)} substantial pocket{'' if number == 1 else 's'}"
    return word("pockets", language, actor=actor, count=told) if actor else told


def parts(number: int, language: Language) -> str:
    """Return into how many parts something splits."""
    if language == "ar":
        return {2: "جزأين"}.get(number, f"{number} أجزاء")
    return count(number, language)


def listed(parts: Sequence[str], language: Language) -> str:
    """Return things one after the other, commas between them."""
    return ("، " if language == "ar" else ", ").join(parts)


def people(persons: float, language: Language) -> str:
    """Return a number of people to two figures, of few to the hundred: ``5.3 m people``, ``300 people``, ``nobody``."""
    if persons < HALF_A_PERSON:
        return word("nobody", language)
    return word("people", language, count=thousands(persons, language))


def count(number: int, language: Language) -> str:
    """Return a small number as a word (in English), any other in figures."""
    names = _NUMBERS[language]
    return names[number] if 0 <= number < len(names) else f"{number:,}"


def within(name: str) -> str:
    """Return a name as it stands within a sentence: without a capital, unless it is all capitals, as ``LPG``."""
    return name if name.isupper() else name.lower()


def day(moment: datetime, language: Language) -> str:
    """Return a day as on a time axis: ``8 Dec``, in Arabic ``8/12``."""
    return f"{moment.day}/{moment.month}" if language == "ar" else f"{moment.day} {_SHORT_MONTHS[moment.month - 1]}"


def month(moment: datetime, language: Language) -> str:
    """Return a month as on a time axis: ``Dec 2024``, in Arabic ``12/2024``."""
    name = f"{moment.month}/" if language == "ar" else f"{_SHORT_MONTHS[moment.month - 1]} "
    return f"{name}{moment.year}"


def date(moment: datetime, language: Language) -> str:
    """Return a day in full: ``8 December 2024``."""
    return f"{moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}"


def instant(moment: datetime, language: Language, *, short: bool = False) -> str:
    """Return an instant: ``8 December 2024, 01:30``; short: ``8 Dec, 01:30``."""
    comma = "،" if language == "ar" else ","
    written = day(moment, language) if short else date(moment, language)
    return f"{written}{comma} {moment:%H:%M}"


def share(value: float) -> str:
    """Return a share as a whole percentage."""
    return f"{100 * value:.0f} %"


def tonnes(amount: float, language: Language) -> str:
    """Return tonnes to three figures: ``61,500 t``, ``0.27 t``."""
    rounded = float(f"{amount:.3g}")
    return word("tonnes", language, number=f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:g}")  # noqa: PLR2004


def thousands(persons: float, language: Language) -> str:
    """Return a number of people to two figures, of few to the hundred: ``5.3 m``, ``230,000``, ``300``."""
    if persons >= MILLION:
        return word("million", language, number=f"{persons / 1e6:.1f}")
    rounded = float(f"{persons:.2g}")
    if rounded >= THOUSAND:
        return word("thousand", language, number=round(rounded / 1e3))
    hundreds = round(persons / 100)
    return f"{100 * hundreds}" if hundreds or persons < HALF_A_PERSON else word("few", language, number=100)
