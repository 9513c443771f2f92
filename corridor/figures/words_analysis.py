"""The words that stand in the figures of what connects a territory, in English and in Arabic."""

__all__ = ["ANALYSIS_WORDS"]

ANALYSIS_WORDS: dict[str, tuple[str, str]] = {
    # fronts
    "with_front": ("{pockets}, front {km} km", "{pockets}، الجبهة {km} كم"),
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
    "isochrones_subtitle_open": (
        "Free-flow lorry hours with every road open",
        "ساعات الشاحنة دون ازدحام وكل الطرق مفتوحة",
    ),
    "isochrones_note": (
        "A zone belongs to the place nearest by road and is computed from straight road links.",
        "كل منطقة تتبع أقرب مكان بالطريق وهي محسوبة على وصلات طرق مستقيمة.",
    ),
    "hours_one": ("1 hour", "ساعة واحدة"),
    "hours_few": ("{hours}\u00a0hours", "{hours}\u00a0ساعات"),
    "hours_many": ("{hours}\u00a0hours", "{hours}\u00a0ساعة"),
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
        "{share} of those under the {actor} with a way to {commodity} on {date} lost it at some time",
        "{share} ممن كان لهم في {date} طريق إلى {commodity} تحت سيطرة {actor} فقدوه في وقت ما",
    ),
    "survival_title_now": (
        "{share} of those under the {actor} with a way to {commodity} on {date} lost it; {now} have one at the end",
        "{share} ممن كان لهم في {date} طريق إلى {commodity} تحت سيطرة {actor} فقدوه؛ ولـ{now} منهم طريق في النهاية",
    ),
    "survival_title_none": (
        "Nobody under the {actor} on {date} loses the way to a source of what is asked for",
        "لا أحد تحت سيطرة {actor} في {date} يفقد الطريق إلى مصادر المواد المطلوبة",
    ),
    "survival_title_without": (
        "From the start {people} under the {actor} have no way to {commodity}; nobody else loses it",
        "{people} تحت سيطرة {actor} بلا طريق إلى {commodity} منذ البداية؛ ولا أحد سواهم هناك يفقده",
    ),
    "survival_title_nobody": (
        "Nobody has a way to a source at the start",
        "لا طريق لأحد إلى أي مصدر في البداية",
    ),
    "survival_subtitle": (
        "Share of the people, by who held them at the start, who have had a way all the time",
        "حصة السكان، بحسب الجهة المسيطرة عليهم في البداية، الذين لم ينقطع طريقهم قط",
    ),
    "survival_note": (
        "Kaplan–Meier by people with a way at the start; a place that changes hands has its new holder's ways.",
        "تقدير كابلان-ماير بالسكان لمن كان لهم طريق في البداية؛ والمكان الذي تتغير الجهة المسيطرة عليه له طرقها.",
    ),
    "keeping_note": ("All keep their way throughout: {actors}.", "لا ينقطع الطريق عن أحد لدى: {actors}."),
    "always_key": ("has had a way all the time", "لم ينقطع طريقه قط"),
    "now_key": ("has a way at the time, again or still", "له طريق في حينه، مجددًا أو دون انقطاع"),
    "none_at_start": ("no way at the start: {people}", "بلا طريق في البداية: {people}"),
    # cut
    "cut_title_one": (
        "one road limits what can get from {origins} to {destinations}: room for {lorries}\u00a0vehicles a day",
        "طريق واحد يحدّ ما يمكن أن يصل من {origins} إلى {destinations}: سعته {lorries}\u00a0مركبة في اليوم",
    ),
    "cut_title_two": (
        "two roads limit what can get from {origins} to {destinations}: room for {lorries}\u00a0vehicles a day",
        "طريقان يحدّان ما يمكن أن يصل من {origins} إلى {destinations}: سعتهما {lorries}\u00a0مركبة في اليوم",
    ),
    "cut_title_few": (
        "{count} roads limit what can get from {origins} to {destinations}: room for {lorries}\u00a0vehicles a day",
        "{count}\u00a0طرق تحدّ ما يمكن أن يصل من {origins} إلى {destinations}: سعتها {lorries}\u00a0مركبة في اليوم",
    ),
    "cut_title_many": (
        "{count} roads limit what can get from {origins} to {destinations}: room for {lorries}\u00a0vehicles a day",
        "{count}\u00a0طريقًا تحدّ ما يمكن أن يصل من {origins} إلى {destinations}: سعتها {lorries}\u00a0مركبة في اليوم",
    ),
    "cut_title_gate": (
        "one gate limits what can get from {origins} to {destinations}: room for {lorries}\u00a0vehicles a day",
        "بوابة واحدة تحدّ ما يمكن أن يصل من {origins} إلى {destinations}: سعتها {lorries}\u00a0مركبة في اليوم",
    ),
    "cut_title_gates": (
        "{count} roads and gates limit what gets from {origins} to {destinations}: room for {lorries} vehicles a day",
        "{count} طرق وبوابات تحدّ ما يمكن أن يصل من {origins} إلى {destinations}: سعتها {lorries}\u00a0مركبة في اليوم",
    ),
    "cut_title_unlimited": (
        "Nothing limits what can get from {origins} to {destinations}",
        "لا شيء يحدّ ما يمكن أن يصل من {origins} إلى {destinations}",
    ),
    "cut_title_nothing": (
        "No way is open from {origins} to {destinations}",
        "لا طريق مفتوحًا من {origins} إلى {destinations}",
    ),
    "cut_count_one": (
        "one road alone joins {origins} to {destinations}",
        "طريق واحد فقط يصل بين {origins} و{destinations}",
    ),
    "cut_count_two": (
        "two roads, both closed, part {origins} from {destinations}",
        "إغلاق طريقين يقطع {origins} عن {destinations}",
    ),
    "cut_count_few": (
        "{count} roads, all closed, part {origins} from {destinations}",
        "إغلاق {count} طرق يقطع {origins} عن {destinations}",
    ),
    "cut_count_many": (
        "{count} roads, all closed, part {origins} from {destinations}",
        "إغلاق {count} طريقًا يقطع {origins} عن {destinations}",
    ),
    "cut_subtitle": (
        "Roads that the {actor} may use, and the room there is on them; {when} (UTC{offset})",
        "الطرق المتاحة أمام {actor} وسعتها؛ {when} (UTC{offset})",
    ),
    "cut_subtitle_everybody": (
        "All roads of the network, every one open, and the room there is on them",
        "جميع طرق الشبكة مفتوحة كلها، وسعتها",
    ),
    "cut_note": (
        "Capacities are those of road classes: what could drive, not what does.",
        "السعات بحسب أصناف الطرق: ما يمكن أن يمر لا ما يمر فعلًا.",
    ),
    "cut_and": ("{first} and {last}", "{first} و{last}"),
    "cut_origin": ("from here", "من هنا"),
    "cut_destination": ("to here", "إلى هنا"),
    "cut_binding": ("limiting road, with its room: vehicles a day", "طريق يحدّ ما يصل، مع سعته من المركبات في اليوم"),
    "cut_closed": (
        "one of the roads that part them, with its room: vehicles a day",
        "أحد الطرق الفاصلة بينهما، مع سعته من المركبات في اليوم",
    ),
    "cut_flow": (
        "one way for all to drive: up to {lorries} a day",
        "إحدى الطرائق لمرورها كلها: حتى {lorries} في اليوم",
    ),
    "cut_ways": ("ways without a common road", "طرق لا تشترك في أي مقطع"),
    "cut_open": ("open to the {actor}", "مفتوح أمام {actor}"),
    "cut_open_everybody": ("open", "مفتوح"),
    "cut_shut": ("not open to it", "غير مفتوح أمام هذه الجهة"),
    "cut_near": ("on the side of the start: {people}", "في جهة المنطلق: {people}"),
    "cut_far": ("on the side of the destination: {people}", "في جهة المقصد: {people}"),
    # what to reopen, what to keep open
    "roads_one": ("one road", "طريق واحد"),
    "roads_two": ("two roads", "طريقين"),
    "roads_few": ("{count} roads", "{count}\u00a0طرق"),
    "roads_many": ("{count} roads", "{count}\u00a0طريقًا"),
    "reopen_title": (
        "Reopening {roads} would give {many} a way to {to}",
        "إعادة فتح {roads} تتيح لـ{many} طريقًا إلى {to}",
    ),
    "reopen_title_days": (
        "Reopening {roads} would give a way to {to} for {many} person-days",
        "إعادة فتح {roads} تتيح الوصول إلى {to} لـ{many} شخص-يوم",
    ),
    "reopen_title_none": (
        "No road to reopen would give anybody a way to {to}",
        "لا طريق تتيح إعادة فتحه لأحد الوصول إلى {to}",
    ),
    "reopen_title_none_shut": (
        "No road in the territory of the {actor} is closed: there is none to reopen",
        "لا طريق مغلقًا في الأراضي الخاضعة لسيطرة {actor}: لا طريق يعاد فتحه",
    ),
    "reopen_title_none_fronts": (
        "No road is closed or cut by a front: there is none to reopen",
        "لا طريق مغلقًا ولا طريق تقطعه جبهة: لا طريق يعاد فتحه",
    ),
    "reopen_subtitle": (
        "The roads whose reopening joins most people; {actor}, {when} (UTC{offset})",
        "الطرق التي تصل إعادةُ فتحها أكبر عدد من السكان؛ {actor}، {when} (UTC{offset})",
    ),
    "reopen_subtitle_fronts": (
        "The roads, closed or cut by a front, that would join most people, whoever holds them; {when} (UTC{offset})",
        "الطرق المغلقة أو التي تقطعها جبهة والتي تصل أكبر عدد من السكان أيًّا كان المسيطر؛ {when} (UTC{offset})",
    ),
    "reopen_subtitle_everybody": (
        "All roads of the network, every one open",
        "جميع طرق الشبكة مفتوحة كلها",
    ),
    "reopen_subtitle_fronts_everybody": (
        "All roads of the network, every one open",
        "جميع طرق الشبكة مفتوحة كلها",
    ),
    "reopen_chosen": ("reopened, in this order", "يعاد فتحه بهذا الترتيب"),
    "reopen_others": ("other roads that could be reopened: {count}", "طرق أخرى يمكن إعادة فتحها: {count}"),
    "reopen_roads": ("all other roads", "سائر الطرق"),
    "reopen_root": ("has a way to {to}", "له طريق إلى {to}"),
    "reopen_hanging": ("would have a way", "يصبح له طريق"),
    "reopen_hanging_days": ("would have a way for some time", "يصبح له طريق لبعض الوقت"),
    "reopen_cut_off": ("would still have none", "يبقى بلا طريق"),
    "reopen_note": (
        "Whoever can drive a road joins its ends, whichever way it runs.",
        "كل طريق سالك يصل طرفيه في أي اتجاه كان.",
    ),
    "keep_title": (
        "Keep {roads} open: without them {many} would have no way to {to}",
        "إبقاء {roads} سالكًا: من دون ذلك يبقى {many} بلا طريق إلى {to}",
    ),
    "keep_title_none": (
        "Nobody's way to {to} hangs on so few roads",
        "لا يتوقف الوصول إلى {to} على هذا العدد القليل من الطرق",
    ),
    "keep_subtitle": (
        "The open roads on which most people's way hangs together; {actor}, {when} (UTC{offset})",
        "الطرق السالكة التي يتوقف عليها معًا وصول أكبر عدد من السكان؛ {actor}، {when} (UTC{offset})",
    ),
    "keep_subtitle_everybody": (
        "The roads on which most people's way hangs together, with every road open to everybody",
        "الطرق التي يتوقف عليها معًا وصول أكبر عدد من السكان إذا كانت كل الطرق مفتوحة للجميع",
    ),
    "keep_chosen": ("to keep open", "ينبغي إبقاؤه سالكًا"),
    "keep_root": ("has other ways to {to}", "له طرق أخرى إلى {to}"),
    "keep_hanging": ("way hangs on these roads", "وصوله متوقف على هذه الطرق"),
    "keep_cut_off": ("has no way", "بلا طريق"),
    # criticality
    "critical_title_people_road": (
        "Loss of one road, {name}, would cut {people} off from the others",
        "فقدان طريق واحد، {name}، يقطع {people} عن الآخرين",
    ),
    "critical_title_people_node": (
        "Without {name}, {people} would be cut off from the others",
        "من دون {name} ينقطع {people} عن الآخرين",
    ),
    "critical_title_trips_road": (
        "Loss of one road, {name}, would leave {share} of all trips without a way",
        "فقدان طريق واحد، {name}، يترك {share} من الرحلات بلا طريق",
    ),
    "critical_title_trips_node": (
        "Without {name}, {share} of all trips would have no way",
        "من دون {name} يبقى {share} من الرحلات بلا طريق",
    ),
    "critical_title_longer_road": (
        "Loss of one road, {name}, would make the average trip {minutes}\u00a0minutes longer",
        "فقدان طريق واحد، {name}، يطيل متوسط الرحلة {minutes}\u00a0دقيقة",
    ),
    "critical_title_longer_node": (
        "Without {name}, the average trip would be {minutes}\u00a0minutes longer",
        "من دون {name} يطول متوسط الرحلة {minutes}\u00a0دقيقة",
    ),
    "critical_title_nobody": (
        "The {actor} holds nobody: there are no trips",
        "لا أحد تحت سيطرة {actor}: لا رحلات",
    ),
    "critical_title_nobody_everybody": ("Nobody lives here: there are no trips", "لا سكان هنا: لا رحلات"),
    "critical_title_none_road": ("No trip depends on one road alone", "لا تتوقف أي رحلة على طريق واحد"),
    "critical_title_none_node": ("No trip depends on one node alone", "لا تتوقف أي رحلة على عقدة واحدة"),
    "critical_subtitle": (
        "What losing each of them alone costs the people held by: {actor}; {when} (UTC{offset})",
        "كلفة فقدان كل منها وحده على السكان تحت سيطرة {actor}؛ {when} (UTC{offset})",
    ),
    "critical_subtitle_everybody": (
        "What losing each of them alone costs all people, with every road open to everybody",
        "كلفة فقدان كل منها وحده على جميع السكان إذا كانت كل الطرق مفتوحة للجميع",
    ),
    "critical_note": (
        "Trips: the product of the people at both ends, by the fastest open way; averages are over all trips.",
        "الرحلات: حاصل ضرب عدد السكان في الطرفين، بأسرع طريق مفتوح؛ والمتوسط على الرحلات كلها.",
    ),
    "critical_rank": (
        "Bold: rank, by what is cut off, then by minutes.",
        "بالخط العريض: المرتبة بحسب ما ينقطع ثم بالدقائق.",
    ),
    "critical_streets": (
        "Where a city hangs on its interchange by one link, that link stands for every street between them.",
        "حيث تتصل مدينة بتقاطعها بوصلة واحدة، تمثل هذه الوصلة كل الشوارع بينهما.",
    ),
    "critical_outside": ("Outside the map: {listed}.", "خارج الخريطة: {listed}."),
    "critical_outside_one": ("{name} (rank\u00a0{rank}, {cost})", "{name} (المرتبة\u00a0{rank}، {cost})"),
    "critical_never": ("{share} of the trips have no way to begin with.", "{share} من الرحلات بلا طريق أصلًا."),
    "critical_pair_title_people": (
        "{one} and {two}: losing both would cut {people} off whom neither alone would",
        "{one} و{two}: فقدانهما معًا يقطع {people} لا يقطعهم أي منهما وحده",
    ),
    "critical_pair_title_trips": (
        "{one} and {two}: losing both would leave {share} more of all trips without a way than each alone",
        "{one} و{two}: فقدانهما معًا يترك {share} من الرحلات بلا طريق فوق ما يتركه كل منهما وحده",
    ),
    "critical_pair_title_longer": (
        "{one} and {two}: losing both would add {minutes}\u00a0minutes to the average trip beyond what each adds alone",
        "{one} و{two}: فقدانهما معًا يطيل متوسط الرحلة {minutes}\u00a0دقيقة فوق ما يطيله كل منهما وحده",
    ),
    "critical_pair_title_none": (
        "No two roads cost more together than both alone",
        "لا يكلف فقدان أي طريقين معًا أكثر من مجموع كل منهما وحده",
    ),
    "critical_pair_subtitle": (
        "What losing two roads costs the people held by: {actor}, beyond each alone; {when} (UTC{offset})",
        "كلفة فقدان طريقين معًا فوق كل منهما وحده على السكان تحت سيطرة {actor}؛ {when} (UTC{offset})",
    ),
    "critical_pair_subtitle_everybody": (
        "What losing two roads costs all people, beyond each alone, with every road open to everybody",
        "كلفة فقدان طريقين معًا فوق كل منهما وحده على جميع السكان إذا كانت كل الطرق مفتوحة للجميع",
    ),
    "critical_pair_rank": (
        "Bold: rank of the pairs of roads, by what they cut off beyond each alone, then by minutes.",
        "بالخط العريض: مرتبة أزواج الطرق بحسب ما تقطعه فوق كل منها وحده ثم بالدقائق.",
    ),
    "critical_pair_key": ("{rank}: {one} and {two}: {cost}", "{rank}: {one} و{two}: {cost}"),
    "critical_pair_key_one": ("{rank}: {one}", "{rank}: {one}"),
    "critical_pair_key_two": ("and {two}: {cost}", "و{two}: {cost}"),
    "critical_pair_other": ("other open road", "طريق مفتوح آخر"),
    "critical_trips": ("{share} of trips", "{share} من الرحلات"),
    "critical_longer": ("+{minutes}\u00a0min", "+{minutes}\u00a0دقيقة"),
    "critical_cuts_road": ("its loss cuts people off; wider: more", "فقدانه يقطع سكانًا؛ الأعرض: أكثر"),
    "critical_cuts_node": ("its loss cuts people off", "فقدانها يقطع سكانًا"),
    "critical_any": ("its loss makes trips longer", "فقدانه يطيل الرحلات"),
    "critical_first": ("up to {high} min", "حتى {high} دقيقة"),
    "critical_between": ("{low}–{high} min", "{low}–{high} دقيقة"),
    "critical_last": (
        "its loss makes the average trip over {low} min longer",
        "فقدانه يطيل متوسط الرحلة أكثر من {low} دقيقة",
    ),
    "critical_idle_road": ("no trip needs it", "لا تحتاج إليه أي رحلة"),
    "critical_idle_node": ("road", "طريق"),
    "critical_shut": ("not open to it", "غير مفتوح أمام هذه الجهة"),
}  # fmt: skip
