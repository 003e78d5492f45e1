INSERT INTO g (a, c) VALUES (3, 'c');
UPDATE g SET a = 10 WHERE a = 1;
-- @settle
COMMENT ON COLUMN g.a IS 'second "quoted"'; COMMENT ON TABLE g IS 'table';
ALTER TABLE g ADD COLUMN d int DEFAULT 5;
UPDATE g SET id = 50 WHERE a = 2;
DELETE FROM g WHERE a = 3;
