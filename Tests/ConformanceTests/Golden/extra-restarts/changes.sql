-- @restart
INSERT INTO a VALUES (2, 'y');
-- @settle
-- @stop
ALTER TABLE a RENAME COLUMN v TO w;
INSERT INTO a VALUES (3, 'z');
ALTER TABLE a ADD COLUMN n numeric(4,1);
UPDATE a SET n = 1.5;
-- @start
-- @settle
-- @restart
ALTER TABLE a DROP COLUMN w;
DELETE FROM a WHERE id = 1;
