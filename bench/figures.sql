-- Ten figures over 100,000 records written by hand, as somebody would who knows the tables: no spans, no list
-- of what is undetermined. bench/figures.c times each against the same figure of the profile and compares
-- the values. $1 area, $2 first day, $3 first day after, $4 the person whose report it is.

-- study.all_sessions
SELECT COUNT(*)
  FROM l_study r JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
 WHERE r.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3
   AND o.kind = 'township' AND r.kind = '中心组学习';

-- study.sessions
SELECT COUNT(*)
  FROM l_study r JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
 WHERE r.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3
   AND o.kind = 'township' AND r.kind = '中心组学习' AND r.host = $4;

-- interviews.rounds
SELECT COUNT(*) FROM (
  SELECT DISTINCT r.org_id, r.held_on / 10000, r.round
    FROM l_interview r JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
   WHERE r.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3 AND o.kind = 'township' AND r.round IS NOT NULL
     AND EXISTS (SELECT 1 FROM l_interview_people l WHERE l.area_id = r.area_id AND l.record_id = r.id
                    AND l.standing IN ('班子成员', '村党组织书记'))) d;

-- service.difficulties
SELECT COUNT(*)
  FROM l_service r
 WHERE r.area_id = $1 AND r.state = 'done' AND r.done_on >= $2 AND r.done_on < $3 AND r.kind = '困难问题';

-- service.satisfied
SELECT COUNT(*) FILTER (WHERE r.satisfaction = '满意'), COUNT(r.satisfaction)
  FROM l_service r
 WHERE r.area_id = $1 AND r.state = 'done' AND r.done_on >= $2 AND r.done_on < $3;

-- study.person_times
SELECT CAST(SUM(COALESCE(l.headcount, 1)) AS BIGINT)
  FROM l_study_attendance l
  JOIN l_study r ON r.area_id = l.area_id AND r.id = l.record_id
  JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
 WHERE l.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3
   AND o.kind = 'township' AND r.kind = '中心组学习' AND l.way IN ('到会', '线上', '补学', '送学上门');

-- study.persons
SELECT COUNT(DISTINCT l.person)
  FROM l_study_attendance l
  JOIN l_study r ON r.area_id = l.area_id AND r.id = l.record_id
  JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
 WHERE l.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3
   AND o.kind = 'township' AND r.kind = '中心组学习' AND l.way IN ('到会', '线上', '补学', '送学上门');

-- study.attendance
SELECT COUNT(*) FILTER (WHERE l.way IN ('到会', '线上', '补学', '送学上门')), COUNT(*)
  FROM l_study_attendance l
  JOIN l_study r ON r.area_id = l.area_id AND r.id = l.record_id
  JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
 WHERE l.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3
   AND o.kind = 'township' AND r.kind = '中心组学习' AND l.headcount IS NULL AND l.way IS NOT NULL;

-- interviews.person_times
SELECT COUNT(*)
  FROM l_interview_people l
  JOIN l_interview r ON r.area_id = l.area_id AND r.id = l.record_id
  JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
 WHERE l.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3
   AND o.kind = 'township' AND l.standing IN ('班子成员', '村党组织书记');

-- interviews.fixed
SELECT COUNT(*) FILTER (WHERE l.outcome = '已整改'), COUNT(l.outcome)
  FROM l_interview_people l
  JOIN l_interview r ON r.area_id = l.area_id AND r.id = l.record_id
  JOIN org o ON o.area_id = r.area_id AND o.id = r.org_id
 WHERE l.area_id = $1 AND r.state = 'done' AND r.held_on >= $2 AND r.held_on < $3
   AND o.kind = 'township' AND l.standing IN ('班子成员', '村党组织书记');
