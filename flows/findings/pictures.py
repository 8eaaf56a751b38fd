"""Which chart stands with which claim."""

from functools import partial

import polars as pl

from flows.findings.charts import Chart, dots_with_intervals, lines_with_bands

_ATOP = "metrics of alliance-asymmetry from ATOP 5.1 and COW National Material Capabilities 7"
_VOTES = "metrics of alliance-asymmetry from UN General Assembly votes (Voeten) and treaty dates"

RISE = Chart(
    name="asymmetric_share",
    sql="""
SELECT year // 10 * 10 + 5 AS decade, series, avg(is_met::INT) AS estimate, count(*) AS n
FROM (SELECT year, unnest(['three times or more', 'ten times or more']) AS series,
        unnest([is_asymmetric, is_overwhelming]) AS is_met
      FROM metrics.capability_asymmetry
      WHERE variable = 'cinc' AND has_defense_or_offense AND null_reason IS NULL AND year >= 1816)
GROUP BY ALL HAVING count(*) >= 10 ORDER BY series, decade""",
    draw=partial(
        lines_with_bands,
        x="decade",
        x_title="middle of the decade",
        y_title="share of alliance-years",
        groups={"three times or more": "blue", "ten times or more": "orange"},
        top=1.0,
    ),
    title="How many defence alliances are asymmetric",
    subtitle="Share of alliance-years in which the strongest member has 3 (10) times the CINC of"
    " the second, by decade.",
    source=_ATOP,
)

RATIO = Chart(
    name="ratio_by_decade",
    sql="""
SELECT decade, 'median' AS series, median(log10(ratio)) AS estimate,
  quantile_cont(log10(ratio), 0.25) AS low, quantile_cont(log10(ratio), 0.75) AS high,
  count(*) AS n
FROM (SELECT atopid, year // 10 * 10 + 5 AS decade, median(ratio_first_second) AS ratio
      FROM metrics.capability_asymmetry
      WHERE variable = 'cinc' AND has_defense_or_offense AND ratio_first_second IS NOT NULL
        AND year >= 1816
      GROUP BY ALL)
GROUP BY decade HAVING count(*) >= 5 ORDER BY decade""",
    draw=partial(
        lines_with_bands,
        x="decade",
        x_title="middle of the decade",
        y_title="first to second, log10 (0.48 is 3 times, 1 is 10 times)",
        groups={"median": "blue"},
        y_format=".1f",
    ),
    title="How unequal the typical defence alliance is",
    subtitle="Median over alliances of the ratio of the strongest to the second member by CINC;"
    " the band holds the middle half of the alliances.",
    source=_ATOP,
)

SHARES = Chart(
    name="capability_shares",
    sql="""
SELECT year, CASE ccode WHEN 2 THEN 'United States' WHEN 365 THEN 'Russia (Soviet Union)'
    WHEN 710 THEN 'China' WHEN 200 THEN 'United Kingdom' ELSE 'France' END AS series,
  cinc / total AS estimate
FROM (SELECT ccode, year, cinc, sum(cinc) OVER (PARTITION BY year) AS total
      FROM core.capabilities WHERE cinc IS NOT NULL)
WHERE ccode IN (2, 200, 220, 365, 710) ORDER BY series, year""",
    draw=partial(
        lines_with_bands,
        x="year",
        x_title="year",
        y_title="share of the world's capabilities",
        groups={
            "United States": "blue",
            "Russia (Soviet Union)": "orange",
            "China": "yellow",
            "United Kingdom": "green",
            "France": "purple",
        },
    ),
    title="Shares of the world's capabilities",
    subtitle="Composite Index of National Capability, divided by the sum of all states.",
    source="COW National Material Capabilities 7",
)

AGREEMENT = Chart(
    name="agreement",
    sql="""
SELECT s.year, CASE WHEN t.tier_core THEN 'core allies' ELSE 'other states' END AS series,
  avg(h.mean_agreement) AS estimate,
  avg(h.mean_agreement) - 1.96 * stddev_samp(h.mean_agreement) / sqrt(count(*)) AS low,
  avg(h.mean_agreement) + 1.96 * stddev_samp(h.mean_agreement) / sqrt(count(*)) AS high,
  count(*) AS n_states
FROM metrics.hegemon_support h
JOIN marts.state_session s ON s.ccode = h.ccode AND s.session = h.session
JOIN marts.ally_tier t ON t.ccode_hegemon = 2 AND t.ccode = h.ccode AND t.year = s.year
WHERE h.ccode_hegemon = 2 AND h.vote_set = 'final_only' AND h.vote_class = 'unpopular'
  AND h.mean_agreement IS NOT NULL AND t.tier_core IS NOT NULL
GROUP BY ALL HAVING count(*) >= 3 ORDER BY series, s.year""",
    draw=partial(
        lines_with_bands,
        x="year",
        x_title="year",
        y_title="mean agreement with the United States",
        groups={"core allies": "blue", "other states": "grey"},
        top=1.0,
    ),
    title="Who sides with the United States when it loses",
    subtitle="Mean agreement on General Assembly votes that most others cast differently (an"
    " abstention counts half); bands: 95 % intervals over states.",
    source=_VOTES,
)

PREMIUM = Chart(
    name="premium",
    sql="""
SELECT estimator AS label, CASE ccode_hegemon WHEN 2 THEN 'United States'
    WHEN 200 THEN 'United Kingdom' WHEN 220 THEN 'France' ELSE 'Russia' END AS series,
  estimate, ci_low AS low, ci_high AS high, n_allies, n_others
FROM metrics.legitimation_premium
WHERE window_name = 'whole' AND vote_set = 'final_only' AND tier = 'atop'
  AND (vote_class = 'unpopular' AND estimator IN ('LP0', 'LP1', 'LP3', 'LP4')
    OR vote_class = 'hegemon_specific' AND estimator = 'LP2')
  AND ccode_hegemon <> 710 AND ci_low IS NOT NULL
ORDER BY label, ccode_hegemon""",
    draw=partial(
        dots_with_intervals,
        x_title="agreement, allies minus others (share)",
        groups={
            "United States": "blue",
            "United Kingdom": "grey",
            "France": "green",
            "Russia": "orange",
        },
        x_format="+.2f",
    ),
    title="The premium of the United States beside placebo hegemons",
    subtitle="Own ATOP allies against others, all sessions, unpopular votes. LP0 raw; LP1 minus"
    " popular votes; LP2 hegemon-specific votes; LP3 beyond ideal points; LP4 within states. 95 %"
    " intervals.",
    source=_VOTES,
)

EVENTS = Chart(
    name="joining_nato",
    sql="""
SELECT event_time, CASE ccode_hegemon WHEN 2 THEN 'with the United States'
    ELSE 'with France (placebo)' END AS series,
  estimate, ci_low AS low, ci_high AS high, n_states
FROM metrics.legitimation_event_study
WHERE ccode_hegemon IN (2, 220) AND vote_class = 'unpopular' AND cohort_year = 'all'
  AND estimator = 'sun_abraham' AND event_time = event_time_to AND estimate IS NOT NULL
ORDER BY series, event_time""",
    draw=partial(
        lines_with_bands,
        x="event_time",
        x_title="years since accession came into force (the year before is the base)",
        y_title="change of agreement (share)",
        groups={"with the United States": "blue", "with France (placebo)": "grey"},
        y_format="+.2f",
    ),
    title="What joining NATO changed",
    subtitle="Agreement on unpopular votes of the states that joined in 1982, 1999, 2004 and 2009,"
    " against states never allied (Sun and Abraham 2021); bands: 95 % intervals. Where the years"
    " before differ from 0, trends were not parallel.",
    source=_VOTES,
)

DOSE = Chart(
    name="dose",
    sql="""
SELECT replace(dose, '_', ' ') || ', ' || replace(window_name, '_', ' ') AS label,
  CASE estimator WHEN 'within' THEN 'within states' ELSE 'between states' END AS series,
  estimate, ci_low AS low, ci_high AS high, n_states
FROM metrics.legitimation_dose
WHERE ccode_hegemon = 2 AND vote_class = 'unpopular' AND estimate IS NOT NULL
  AND ci_low IS NOT NULL AND window_name IN ('whole', 'cold_war', 'post_cold_war')
  AND dose <> 'one_way_pledge'
ORDER BY label, series""",
    draw=partial(
        dots_with_intervals,
        x_title="slope of agreement per unit of the dose",
        groups={"within states": "blue", "between states": "grey"},
        x_format="+.2f",
    ),
    title="Does a stronger guarantee buy more agreement?",
    subtitle="Slope of agreement with the United States on unpopular votes per unit of the dose;"
    " 95 % intervals. One-way pledges, which are too few to draw, are in the table.",
    source=_VOTES,
)

COALITIONS = Chart(
    name="coalitions",
    sql="""
SELECT label, series, p AS estimate,
  (p + z * z / (2 * n) - z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n) AS low,
  (p + z * z / (2 * n) + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n) AS high,
  n AS n_states
FROM (SELECT label, as_of, series, (support + none)::DOUBLE AS n,
    support / (support + none) AS p, 1.96 AS z
  FROM (SELECT CASE coalition WHEN 'iraq_2003' THEN 'Iraq, March 2003'
      ELSE 'ISIS, ' || strftime(as_of, '%B %Y') END AS label, as_of,
      unnest(['core allies', 'aspirants to NATO', 'other states']) AS series,
      unnest([n_ally_support, n_aspirant_support, n_other_support - n_aspirant_support]) AS support,
      unnest([n_ally_none, n_aspirant_none, n_other_none - n_aspirant_none]) AS none
    FROM metrics.coalition_model
    WHERE (coalition = 'iraq_2003' AND as_of = DATE '2003-03-27' OR coalition = 'daesh'
        AND as_of IN (DATE '2014-12-31', DATE '2016-01-31', DATE '2017-12-31'))
      AND tier = 'core' AND term = 'ally'
      AND tie_rule = 'in_force_on_date' AND list_version = 'as_published'
      AND specification = 'firth_aspirant')
  WHERE support + none > 0)
ORDER BY as_of, series""",
    draw=partial(
        dots_with_intervals,
        x_title="share that supported the coalition",
        groups={"core allies": "blue", "aspirants to NATO": "orange", "other states": "grey"},
        x_format="%",
        zero=False,
    ),
    title="Who joined the coalitions of the United States",
    subtitle="Share of the states of each group that were named as supporters; Wilson's 95 %"
    " intervals.",
    source="lists of the White House and the Global Coalition, coded by hand; treaty dates",
)

DUTIES = Chart(
    name="duties",
    sql="""
SELECT CASE item WHEN 'hard' THEN 'defence or offence' WHEN 'consul' THEN 'consultation'
    WHEN 'terrres' THEN 'territory, resources' WHEN 'dipaid' THEN 'diplomatic support'
    WHEN 'noothall' THEN 'no contrary alliances' ELSE 'no third-party ties' END AS label,
  CASE role WHEN 'leader' THEN 'the leader' ELSE 'at least one partner' END AS series,
  promised_share AS estimate, promised_share AS low, promised_share AS high, n_phases
FROM metrics.obligation_by_role
WHERE formed = 'from_1945' AND scope = 'defense_or_offense' AND role IN ('leader', 'any_partner')
  AND item IN ('hard', 'consul', 'terrres', 'dipaid', 'noothall', 'thirdcom')
  AND promised_share IS NOT NULL
ORDER BY max(promised_share) OVER (PARTITION BY item) DESC, label, series""",
    draw=partial(
        dots_with_intervals,
        x_title="share of alliance-phases in which it is promised",
        groups={"the leader": "blue", "at least one partner": "orange"},
        x_format="%",
        zero=False,
    ),
    title="What is written",
    subtitle="Share of defence and offence alliances formed from 1945 in which the leader (at least"
    " one partner) promises it in the treaty.",
    source="metrics of alliance-asymmetry from ATOP 5.1",
)

DENSITY = Chart(
    name="spoke_density",
    sql="""
SELECT year, CASE graph WHEN 'asia_pacific' THEN 'Asia-Pacific' WHEN 'europe' THEN 'Europe'
    WHEN 'americas' THEN 'Americas' ELSE 'Middle East, North Africa' END AS series,
  spoke_density AS estimate, degree_hub AS n_partners
FROM metrics.alliance_network
WHERE ccode_hub = 2 AND graph IN ('asia_pacific', 'europe', 'americas', 'middle_east_north_africa')
  AND spoke_density IS NOT NULL AND year >= 1949
ORDER BY series, year""",
    draw=partial(
        lines_with_bands,
        x="year",
        x_title="year",
        y_title="density of ties among American partners",
        groups={
            "Asia-Pacific": "orange",
            "Europe": "blue",
            "Americas": "green",
            "Middle East, North Africa": "purple",
        },
        top=1.0,
    ),
    title="How densely American partners are tied to each other",
    subtitle="Share of the pairs of American defence partners in a region that promise each other"
    " defence; 0 is a pure star.",
    source="metrics of alliance-asymmetry from ATOP 5.1",
)

SURVIVAL = Chart(
    name="survival",
    sql="""
SELECT years_since_start AS years, alliance_group AS series, estimate,
  coalesce(ci_low, estimate) AS low, coalesce(ci_high, estimate) AS high, n_at_risk
FROM metrics.alliance_survival
WHERE curve = 'survival' AND alliance_group IN ('asymmetric', 'symmetric')
  AND years_since_start <= 70
ORDER BY series, years""",
    draw=partial(
        lines_with_bands,
        x="years",
        x_title="years since the alliance was formed",
        y_title="share still in force",
        groups={"asymmetric": "blue", "symmetric": "orange"},
        top=1.0,
    ),
    title="How long defence alliances last",
    subtitle="Kaplan–Meier; asymmetric: the first has at least 3 times the CINC of the second when"
    " first measured. Bands: pointwise 95 % intervals.",
    source=_ATOP,
)

BURDENS = Chart(
    name="burdens",
    sql="""
SELECT b.year, CASE b.atopid WHEN 3180 THEN 'NATO' ELSE 'mean of the others' END AS series,
  avg(b.spearman_rho) AS estimate, count(*) AS n_alliances
FROM metrics.burden_sharing b
JOIN metrics.capability_asymmetry c ON c.atopid = b.atopid AND c.year = b.year
WHERE c.variable = 'cinc' AND c.is_asymmetric AND c.has_defense_or_offense
  AND b.spearman_rho IS NOT NULL
GROUP BY ALL ORDER BY series, b.year""",
    draw=partial(
        lines_with_bands,
        x="year",
        x_title="year",
        y_title="rank correlation of product and burden",
        groups={"NATO": "blue", "mean of the others": "grey"},
        y_format=".1f",
    ),
    title="Do the large members bear more?",
    subtitle="Spearman's correlation of gross domestic product and military burden across members"
    " of asymmetric defence alliances; above 0 the large bear more than the small.",
    source="metrics of alliance-asymmetry from SIPRI and the World Bank",
)

AT_CLAIM: dict[str, tuple[Chart, ...]] = {
    "C1a": (RISE,),
    "C1b": (RATIO,),
    "C1c": (SHARES,),
    "C2a": (AGREEMENT, PREMIUM, EVENTS),
    "C2b": (DOSE,),
    "C2c": (COALITIONS,),
    "C3": (DUTIES,),
    "C4": (DENSITY,),
    "C5": (SURVIVAL,),
    "C6": (BURDENS,),
}
"""C2d and C2e are in the chart of C2c."""


def is_drawable(rows: pl.DataFrame) -> bool:
    """Whether there is anything to draw."""
    return rows.height > 1 and rows["estimate"].count() > 1
