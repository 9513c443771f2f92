"""The words that stand in the figures of what connects a territory, in English and in Arabic."""

__all__ = ["ANALYSIS_WORDS"]

ANALYSIS_WORDS: dict[str, tuple[str, str]] = {
    # isochrones
    "source_of": ("a source of {commodity}", "مصدر {commodity}"),
    "isochrones_none": (
        "{people} have no way to {to}",
        "{people} بلا طريق إلى {to}",
    ),
    "isochrones_far": (
        "{people} are more than {hours} from {to}",
        "{people} على بعد أكثر من {hours} عن {to}",
    ),
    "isochrones_near": (
        "Everybody is within {hours} of {to}",
        "الجميع ضمن {hours} من {to}",
    ),
    "isochrones_nobody": ("How far {to} is: nobody is asked about", "البعد عن {to}: لا سكان"),
    "isochrones_subtitle": (
        "Free-flow lorry hours to the places held by: {actor}, by ways that it may use; {when} (UTC{offset})",
        "ساعات الشاحنة دون ازدحام إلى الأماكن الخاضعة لسيطرة {actor} بالطرق المتاحة لها؛ {when} (UTC{offset})",
    ),
    "isochrones_subtitle_all": (
        "Free-flow lorry hours by ways that the holder of each place may use; {when} (UTC{offset})",
        "ساعات الشاحنة دون ازدحام بالطرق المتاحة للجهة المسيطرة على كل مكان؛ {when} (UTC{offset})",
    ),
    "isochrones_note": (
        "A zone belongs to the place nearest by road and is computed from straight road links.",
        "كل منطقة تتبع أقرب مكان بالطريق وهي محسوبة على وصلات طرق مستقيمة.",
    ),
    "hours_one": ("1 hour", "ساعة واحدة"),
    "hours_many": ("{hours} hours", "{hours} ساعة"),
    "band_first": ("up to {high} h: {people}", "حتى {high} س: {people}"),
    "band": ("{low}–{high} h: {people}", "{low}–{high} س: {people}"),
    "band_last": ("over {low} h: {people}", "أكثر من {low} س: {people}"),
    "no_way": ("no way", "لا طريق"),
    "no_way_key": ("no way open: {people}", "لا طريق مفتوحًا: {people}"),
    "never_key": ("no way even with every road open: {people}", "لا طريق ولو فُتحت كل الطرق: {people}"),
    "held_by_others": ("held by others", "بيد جهات أخرى"),
    "source_key": ("source at work", "مصدر عامل"),
    "source_others_key": ("source held by others", "مصدر بيد جهات أخرى"),
    "origin_key": ("place asked for", "المكان المطلوب"),
    "and_more": ("{places} and {count} more", "{places} و{count} غيرها"),
    # survival
    "survival_title": (
        "{share} of the people held by the {actor} on {date} lost every way to a source of {commodity} at some time",
        "{share} من السكان الخاضعين لسيطرة {actor} في {date} فقدوا كل طريق إلى مصدر {commodity}، ولو لبعض الوقت",
    ),
    "survival_title_none": (
        "Nobody held by the {actor} on {date} loses the way to a source of what is asked for",
        "لا أحد من الخاضعين لسيطرة {actor} في {date} يفقد الطريق إلى مصدر ما يحتاجه",
    ),
    "survival_subtitle": (
        "Share of the people, by who held them at the start, who have had a way all the time",
        "حصة السكان، بحسب الجهة المسيطرة عليهم في البداية، الذين لم ينقطع طريقهم قط",
    ),
    "survival_note": (
        "Kaplan–Meier by people, of those with a way at the start; who changes hands has the new holder's ways.",
        "تقدير كابلان-ماير بالسكان لمن كان لهم طريق في البداية؛ والمكان الذي تتغير الجهة المسيطرة عليه له طرقها.",
    ),
    "always_key": ("has had a way all the time", "لم ينقطع طريقه قط"),
    "now_key": ("has a way at the time, again or still", "له طريق في حينه، مجددًا أو دون انقطاع"),
    "none_at_start": ("no way at the start: {people}", "بلا طريق في البداية: {people}"),
}  # fmt: skip
