"""Charts of support for the hegemon: votes and coalitions."""

from warehouse.report.charts import dot_chart, line_chart

_VOTES = "metrics of alliance-asymmetry from UN General Assembly votes (Voeten) and treaty dates"

AGREEMENT = line_chart(
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
    y_title="mean agreement with the United States",
    groups={"core allies": "blue", "other states": "grey"},
    top=1.0,
    title="Who sides with the United States on unpopular votes",
    subtitle="Mean agreement on General Assembly votes that most others cast differently (an"
    " abstention counts half); bands: 95 % intervals over states. Gaps: fewer than"
    " three states with ten such votes.",
    source=_VOTES,
)

PREMIUM = dot_chart(
    name="premium",
    sql="""
SELECT CASE estimator WHEN 'LP0' THEN 'raw difference (LP0)'
    WHEN 'LP1' THEN 'less that on popular votes (LP1)'
    WHEN 'LP2' THEN 'hegemon-specific votes (LP2)'
    WHEN 'LP3' THEN 'beyond ideal points (LP3)'
    ELSE 'within states (LP4)' END AS label,
  CASE ccode_hegemon WHEN 2 THEN 'United States'
    WHEN 200 THEN 'United Kingdom' WHEN 220 THEN 'France' ELSE 'Russia' END AS series,
  estimate, ci_low AS low, ci_high AS high, n_allies, n_others
FROM metrics.legitimation_premium
WHERE window_name = 'whole' AND vote_set = 'final_only' AND tier = 'atop'
  AND (vote_class = 'unpopular' AND estimator IN ('LP0', 'LP1', 'LP3', 'LP4')
    OR vote_class = 'hegemon_specific' AND estimator = 'LP2')
  AND ccode_hegemon <> 710 AND ci_low IS NOT NULL
ORDER BY estimator, ccode_hegemon""",
    x_title="agreement, allies minus others (share)",
    groups={
        "United States": "blue",
        "United Kingdom": "grey",
        "France": "green",
        "Russia": "orange",
    },
    x_format="+.2f",
    title="The premium of the United States beside placebo hegemons",
    subtitle="Estimators of the legitimation premium (LP): the leader's own ATOP allies against"
    " others, all sessions, unpopular votes. 95 % intervals.",
    source=_VOTES,
)

CONTROLS = dot_chart(
    name="control_classes",
    sql="""
SELECT CASE control_class WHEN 'popular' THEN 'popular (.5 and more)'
    WHEN 'consensual' THEN 'consensual (.8 and more)' ELSE 'contested (.5 to .8)' END AS label,
  CASE design WHEN 'two_way' THEN 'within states' ELSE 'within states and eras' END AS series,
  estimate, ci_low AS low, ci_high AS high, n_switchers
FROM metrics.triple_difference
WHERE leader = 2 AND regressor = 'ally' AND vote_subset = 'all' AND scale = 'share'
  AND sample = 'all' AND design IN ('two_way', 'state_era') AND ci_low IS NOT NULL
ORDER BY CASE control_class WHEN 'popular' THEN 1 WHEN 'consensual' THEN 2 ELSE 3 END,
  design DESC""",
    x_title="unpopular minus control votes, effect of being an ally (share)",
    groups={"within states": "blue", "within states and eras": "grey"},
    x_format="+.2f",
    title="What the premium is measured against",
    subtitle="Effect of core ally status on agreement with the United States on unpopular votes,"
    " minus that on votes of the class named (share of never-allied states that side with it)."
    " Allies agree on nearly all popular votes, which compresses their gap. 95 % intervals.",
    source=_VOTES,
)

EVENTS = line_chart(
    name="joining_nato",
    sql="""
SELECT event_time, CASE ccode_hegemon WHEN 2 THEN 'with the United States'
    ELSE 'with France (placebo)' END AS series,
  estimate, ci_low AS low, ci_high AS high, n_states
FROM metrics.legitimation_event_study
WHERE ccode_hegemon IN (2, 220) AND vote_class = 'unpopular' AND cohort_year = 'all'
  AND estimator = 'sun_abraham' AND event_time = event_time_to AND estimate IS NOT NULL
ORDER BY series, event_time""",
    x="event_time",
    x_title="years since accession came into force (the year before is the base)",
    y_title="change of agreement (share)",
    groups={"with the United States": "blue", "with France (placebo)": "grey"},
    y_format="+.2f",
    title="What joining NATO changed",
    subtitle="Agreement on unpopular votes of the states that joined in 1982, 1999, 2004 and 2009,"
    " against states never allied (Sun and Abraham 2021); bands: 95 % intervals. Where the years"
    " before differ from 0, trends were not parallel.",
    source=_VOTES,
)

DOSE = dot_chart(
    name="dose",
    sql="""
SELECT CASE dose WHEN 'tier_steps' THEN 'step of the guarantee'
    WHEN 'log_troops_per_capita' THEN 'US troops per head (log)'
    ELSE 'other allies (log), below 0 expected' END || ', '
    || CASE window_name WHEN 'whole' THEN 'all sessions' WHEN 'cold_war' THEN 'to 1990'
    ELSE 'from 1991' END AS label,
  CASE estimator WHEN 'within' THEN 'within states' ELSE 'between states' END AS series,
  estimate, ci_low AS low, ci_high AS high, n_states
FROM metrics.legitimation_dose
WHERE ccode_hegemon = 2 AND vote_class = 'unpopular' AND estimate IS NOT NULL
  AND ci_low IS NOT NULL AND window_name IN ('whole', 'cold_war', 'post_cold_war')
  AND dose <> 'one_way_pledge'
ORDER BY label, series""",
    x_title="slope of agreement per unit of the dose",
    groups={"within states": "blue", "between states": "grey"},
    x_format="+.2f",
    title="Does a stronger guarantee buy more agreement?",
    subtitle="Slope of agreement with the United States on unpopular votes per unit of the dose;"
    " 95 % intervals. One-way pledges, which are too few to draw, are in the table.",
    source=_VOTES,
)

COALITIONS = dot_chart(
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
    x_title="share that supported the coalition",
    groups={"core allies": "blue", "aspirants to NATO": "orange", "other states": "grey"},
    x_format="%",
    reference=None,
    title="Who joined the coalitions of the United States",
    subtitle="Share of the states of each group that were named as supporters; Wilson's 95 %"
    " intervals.",
    source="lists of the White House and the Global Coalition, coded by hand; treaty dates",
)
