"""Charts of alliances: capabilities, obligations, networks, duration, burdens."""

from warehouse.report.charts import dot_chart, line_chart

_ATOP = "metrics of alliance-asymmetry from ATOP 5.1 and COW National Material Capabilities 7"

RISE = line_chart(
    name="asymmetric_share",
    sql="""
SELECT year // 10 * 10 + 5 AS decade, series, avg(is_met::INT) AS estimate, count(*) AS n
FROM (SELECT year, unnest(['three times or more', 'ten times or more']) AS series,
        unnest([is_asymmetric, is_overwhelming]) AS is_met
      FROM metrics.capability_asymmetry
      WHERE variable = 'cinc' AND has_defense_or_offense AND null_reason IS NULL AND year >= 1816)
GROUP BY ALL HAVING count(*) >= 10 ORDER BY series, decade""",
    x="decade",
    x_title="middle of the decade",
    y_title="share of alliance-years",
    groups={"three times or more": "blue", "ten times or more": "orange"},
    top=1.0,
    title="How many defence alliances are asymmetric",
    subtitle="Share of alliance-years in which the strongest member has 3 (10) times the CINC of"
    " the second, by decade.",
    source=_ATOP,
)

RATIO = line_chart(
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
    x="decade",
    x_title="middle of the decade",
    y_title="first to second, log10 (0.48 is 3 times, 1 is 10 times)",
    groups={"median": "blue"},
    y_format=".1f",
    title="How unequal the typical defence alliance is",
    subtitle="Median over alliances of the ratio of the strongest to the second member by CINC;"
    " the band holds the middle half of the alliances.",
    source=_ATOP,
)

SHARES = line_chart(
    name="capability_shares",
    sql="""
SELECT year, CASE ccode WHEN 2 THEN 'United States' WHEN 365 THEN 'Russia (Soviet Union)'
    WHEN 710 THEN 'China' WHEN 200 THEN 'United Kingdom' ELSE 'France' END AS series,
  cinc / total AS estimate
FROM (SELECT ccode, year, cinc, sum(cinc) OVER (PARTITION BY year) AS total
      FROM core.capabilities WHERE cinc IS NOT NULL)
WHERE ccode IN (2, 200, 220, 365, 710) ORDER BY series, year""",
    y_title="share of the world's capabilities",
    groups={
        "United States": "blue",
        "Russia (Soviet Union)": "orange",
        "China": "yellow",
        "United Kingdom": "green",
        "France": "purple",
    },
    title="Shares of the world's capabilities",
    subtitle="Composite Index of National Capability, divided by the sum of all states.",
    source="COW National Material Capabilities 7",
)

DUTIES = dot_chart(
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
    x_title="share of alliance-phases in which it is promised",
    groups={"the leader": "blue", "at least one partner": "orange"},
    x_format="%",
    reference=None,
    title="What is written",
    subtitle="Share of defence and offence alliances formed from 1945 in which the leader (at least"
    " one partner) promises it in the treaty.",
    source="metrics of alliance-asymmetry from ATOP 5.1",
)

DENSITY = line_chart(
    name="spoke_density",
    sql="""
SELECT year, CASE graph WHEN 'asia_pacific' THEN 'Asia-Pacific' WHEN 'europe' THEN 'Europe'
    WHEN 'americas' THEN 'Americas' ELSE 'Middle East, North Africa' END AS series,
  spoke_density AS estimate, degree_hub AS n_partners
FROM metrics.alliance_network
WHERE ccode_hub = 2 AND graph IN ('asia_pacific', 'europe', 'americas', 'middle_east_north_africa')
  AND spoke_density IS NOT NULL AND year >= 1949
ORDER BY series, year""",
    y_title="density of ties among American partners",
    groups={
        "Asia-Pacific": "orange",
        "Europe": "blue",
        "Americas": "green",
        "Middle East, North Africa": "purple",
    },
    top=1.0,
    title="How densely American partners are tied to each other",
    subtitle="Share of the pairs of American defence partners in a region that promise each other"
    " defence; 0 is a pure star.",
    source="metrics of alliance-asymmetry from ATOP 5.1",
)

SURVIVAL = line_chart(
    name="survival",
    sql="""
SELECT years_since_start AS years, alliance_group AS series, estimate,
  coalesce(ci_low, estimate) AS low, coalesce(ci_high, estimate) AS high, n_at_risk
FROM metrics.alliance_survival
WHERE curve = 'survival' AND alliance_group IN ('asymmetric', 'symmetric')
  AND years_since_start <= 70
ORDER BY series, years""",
    x="years",
    x_title="years since the alliance was formed",
    y_title="share still in force",
    groups={"asymmetric": "blue", "symmetric": "orange"},
    top=1.0,
    title="How long defence alliances last",
    subtitle="Kaplan–Meier; asymmetric: the first has at least 3 times the CINC of the second when"
    " first measured; every way of ending counts. Bands: pointwise 95 % intervals.",
    source=_ATOP,
)

BURDENS = line_chart(
    name="burdens",
    sql="""
SELECT b.year, CASE b.atopid WHEN 3180 THEN 'NATO' ELSE 'mean of the others' END AS series,
  avg(b.spearman_rho) AS estimate, count(*) AS n_alliances
FROM metrics.burden_sharing b
JOIN metrics.capability_asymmetry c ON c.atopid = b.atopid AND c.year = b.year
WHERE c.variable = 'cinc' AND c.is_asymmetric AND c.has_defense_or_offense
  AND b.spearman_rho IS NOT NULL
GROUP BY ALL ORDER BY series, b.year""",
    y_title="rank correlation of product and burden",
    groups={"NATO": "blue", "mean of the others": "grey"},
    y_format=".1f",
    title="Do the large members bear more?",
    subtitle="Spearman's correlation of gross domestic product and military burden across members"
    " of asymmetric defence alliances; above 0 the large bear more than the small.",
    source="metrics of alliance-asymmetry from SIPRI and the World Bank",
)
