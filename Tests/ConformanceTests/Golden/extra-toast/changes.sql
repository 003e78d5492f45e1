UPDATE docs SET v = 2;
UPDATE docs SET t = 'short', ia = '{1,2}' WHERE id = 1;
UPDATE docs SET v = 3, n = NULL;
DELETE FROM docs;
