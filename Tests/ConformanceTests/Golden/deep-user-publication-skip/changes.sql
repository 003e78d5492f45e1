UPDATE a SET v = 'skipped';
UPDATE a SET id = 10 WHERE id = 1;
UPDATE f SET v = 'skipped';
UPDATE f SET id = 10 WHERE id = 1;
BEGIN; UPDATE a SET v = 'skipped' WHERE id = 2; INSERT INTO f VALUES (5, 'in'); COMMIT;
DELETE FROM f WHERE id = 2;
