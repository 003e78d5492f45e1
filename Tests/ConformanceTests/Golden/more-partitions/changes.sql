INSERT INTO events VALUES (2, '2024-07-07', 'd'), (2, '2023-07-07', 'e');
UPDATE events SET day = '2024-05-06' WHERE id = 1 AND day = '2023-05-05';
UPDATE events SET v = 'cc' WHERE id = 9;
DELETE FROM events WHERE id = 2;
-- @settle
CREATE TABLE events_2025 (LIKE events INCLUDING ALL);
ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO events VALUES (5, '2025-05-05', 'f');
