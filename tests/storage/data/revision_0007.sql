BEGIN TRANSACTION;
CREATE TABLE about (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	made_utc_ns INTEGER NOT NULL, 
	CONSTRAINT pk_about PRIMARY KEY (id)
);
INSERT INTO "about" VALUES(1,'Kitchen',1700000000000000000);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE answer_choice (
	question_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_answer_choice PRIMARY KEY (question_id, place), 
	CONSTRAINT fk_answer_choice_question_id_question FOREIGN KEY(question_id) REFERENCES question (id) ON DELETE CASCADE
);
INSERT INTO "answer_choice" VALUES('abbedeab338e511eb919425a3582c35d',0,'The red one.');
INSERT INTO "answer_choice" VALUES('abbedeab338e511eb919425a3582c35d',1,'None.');
CREATE TABLE codebook (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	CONSTRAINT pk_codebook PRIMARY KEY (id)
);
INSERT INTO "codebook" VALUES('steps-cake','Cake','steps');
INSERT INTO "codebook" VALUES('conversation-states','Conversation states','states');
CREATE TABLE codebook_label (
	codebook_id TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	colour TEXT NOT NULL, 
	shortcut TEXT NOT NULL, 
	CONSTRAINT pk_codebook_label PRIMARY KEY (codebook_id, "key"), 
	CONSTRAINT fk_codebook_label_codebook_id_codebook FOREIGN KEY(codebook_id) REFERENCES codebook (id) ON DELETE CASCADE
);
INSERT INTO "codebook_label" VALUES('steps-cake','mix',0,'Mix','#4e79a7','1');
INSERT INTO "codebook_label" VALUES('steps-cake','bake',1,'Bake','#f28e2b','2');
INSERT INTO "codebook_label" VALUES('conversation-states','trainee',0,'Trainee speaks','#f28e2b','1');
INSERT INTO "codebook_label" VALUES('conversation-states','expert',1,'Expert speaks','#4e79a7','2');
INSERT INTO "codebook_label" VALUES('conversation-states','both',2,'Both speak','#b07aa1','3');
INSERT INTO "codebook_label" VALUES('conversation-states','none',3,'Nobody speaks','#8a9099','4');
CREATE TABLE consent (
	participant_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	version TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	given_utc_ns INTEGER NOT NULL, 
	CONSTRAINT pk_consent PRIMARY KEY (participant_id, kind, version), 
	CONSTRAINT fk_consent_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id) ON DELETE CASCADE
);
INSERT INTO "consent" VALUES('anna','release','1',0,5);
CREATE TABLE edit_log (
	id INTEGER NOT NULL, 
	session_id TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	made_utc_ns INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	CONSTRAINT pk_edit_log PRIMARY KEY (id), 
	CONSTRAINT fk_edit_log_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
INSERT INTO "edit_log" VALUES(1,'20231114-221320-00aa','woz',1700000000000000000,'Take in the live marks','[]','[{"type": "Tier", "id": "live", "session_id": "20231114-221320-00aa", "kind": "steps", "name": "Steps", "codebook_id": "steps-cake", "annotator": "woz", "origin": "live", "status": "draft"}, {"type": "Segment", "id": "s1", "tier_id": "live", "interval": {"start_ns": 1000000000, "end_ns": 5000000000}, "label": "mix", "note": "", "mistake": false}, {"type": "Segment", "id": "s2", "tier_id": "live", "interval": {"start_ns": 5000000000, "end_ns": 20000000000}, "label": "bake", "note": "too hot", "mistake": true}, {"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "cool", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(2,'20231114-221320-00aa','woz',1700000000000000000,'Derive states and questions','[]','[{"type": "Tier", "id": "9ec37aab88374c0db9b8a2ac54a6217e", "session_id": "20231114-221320-00aa", "kind": "states", "name": "Conversation", "codebook_id": "conversation-states", "annotator": "woz", "origin": "derived", "status": "draft"}, {"type": "Segment", "id": "7cc890418038555a92bb8e649afc1356", "tier_id": "9ec37aab88374c0db9b8a2ac54a6217e", "interval": {"start_ns": 0, "end_ns": 1000000000}, "label": "none", "note": "", "mistake": false}, {"type": "Segment", "id": "d099f138306159c1a0416b0e3f4f9144", "tier_id": "9ec37aab88374c0db9b8a2ac54a6217e", "interval": {"start_ns": 1000000000, "end_ns": 3000000000}, "label": "trainee", "note": "", "mistake": false}, {"type": "Segment", "id": "8c4de7c0840857edb4177c53bd00066b", "tier_id": "9ec37aab88374c0db9b8a2ac54a6217e", "interval": {"start_ns": 3000000000, "end_ns": 4000000000}, "label": "none", "note": "", "mistake": false}, {"type": "Segment", "id": "b73371c2caf0526fa7dc9940f2938fd2", "tier_id": "9ec37aab88374c0db9b8a2ac54a6217e", "interval": {"start_ns": 4000000000, "end_ns": 6000000000}, "label": "expert", "note": "", "mistake": false}, {"type": "Segment", "id": "c39ac9d1736a582489580ed184a51f4b", "tier_id": "9ec37aab88374c0db9b8a2ac54a6217e", "interval": {"start_ns": 6000000000, "end_ns": 9000000000}, "label": "none", "note": "", "mistake": false}, {"type": "Segment", "id": "58ff187590b65ed08df1111d198d0135", "tier_id": "9ec37aab88374c0db9b8a2ac54a6217e", "interval": {"start_ns": 9000000000, "end_ns": 10000000000}, "label": "expert", "note": "", "mistake": false}, {"type": "Segment", "id": "0d68375414aa57b1a5f540303cd8eaa4", "tier_id": "9ec37aab88374c0db9b8a2ac54a6217e", "interval": {"start_ns": 10000000000, "end_ns": 60000000000}, "label": "none", "note": "", "mistake": false}, {"type": "Question", "id": "abbedeab338e511eb919425a3582c35d", "session_id": "20231114-221320-00aa", "clip": {"start_ns": 0, "end_ns": 6500000000}, "asked_by": "trainee", "text": "Which one?", "answer": "The \"red\" one: schön.", "asked": {"start_ns": 1000000000, "end_ns": 3000000000}, "answered": {"start_ns": 4000000000, "end_ns": 6000000000}, "step": "mix", "choices": [], "status": "proposed", "origin": "derived"}]');
INSERT INTO "edit_log" VALUES(3,'20231114-221320-00aa','jdoe',1700000000000000000,'New tier','[]','[{"type": "Tier", "id": "own", "session_id": "20231114-221320-00aa", "kind": "steps", "name": "Second look", "codebook_id": "steps-cake", "annotator": "jdoe", "origin": "manual", "status": "draft"}]');
INSERT INTO "edit_log" VALUES(4,'20231114-221320-00aa','jdoe',1700000000000000000,'New segment','[]','[{"type": "Segment", "id": "o1", "tier_id": "own", "interval": {"start_ns": 2000000000, "end_ns": 4000000000}, "label": "mix", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(5,'20231114-221320-00aa','jdoe',1700000000000000000,'Mark mistake','[{"type": "Segment", "id": "o1", "tier_id": "own", "interval": {"start_ns": 2000000000, "end_ns": 4000000000}, "label": "mix", "note": "", "mistake": false}]','[{"type": "Segment", "id": "o1", "tier_id": "own", "interval": {"start_ns": 2000000000, "end_ns": 4000000000}, "label": "mix", "note": "", "mistake": true}]');
INSERT INTO "edit_log" VALUES(6,'20231114-221320-00aa','jdoe',1700000000000000000,'Change label','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "cool", "note": "", "mistake": false}]','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "bake", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(7,'20231114-221320-00aa','jdoe',1700000000000000000,'Change label','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "bake", "note": "", "mistake": false}]','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "cool", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(8,'20231114-221320-00aa','jdoe',1700000000000000000,'Change label','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "cool", "note": "", "mistake": false}]','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "bake", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(9,'20231114-221320-00aa','jdoe',1700000000000000000,'Change label','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "bake", "note": "", "mistake": false}]','[{"type": "Segment", "id": "s3", "tier_id": "live", "interval": {"start_ns": 20000000000, "end_ns": 30000000000}, "label": "cool", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(10,'20231114-221320-00aa','jdoe',1700000000000000000,'Change note','[{"type": "Segment", "id": "s2", "tier_id": "live", "interval": {"start_ns": 5000000000, "end_ns": 20000000000}, "label": "bake", "note": "too hot", "mistake": true}]','[{"type": "Segment", "id": "s2", "tier_id": "live", "interval": {"start_ns": 5000000000, "end_ns": 20000000000}, "label": "bake", "note": "öfen", "mistake": true}]');
INSERT INTO "edit_log" VALUES(11,'20231114-221320-00aa','jdoe',1700000000000000000,'New segment','[]','[{"type": "Segment", "id": "o2", "tier_id": "own", "interval": {"start_ns": 40000000000, "end_ns": 44000000000}, "label": "cool", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(12,'20231114-221320-00aa','jdoe',1700000000000000000,'Delete segment','[{"type": "Segment", "id": "o2", "tier_id": "own", "interval": {"start_ns": 40000000000, "end_ns": 44000000000}, "label": "cool", "note": "", "mistake": false}]','[]');
INSERT INTO "edit_log" VALUES(13,'20231114-221320-00aa','jdoe',1700000000000000000,'Delete segment','[]','[{"type": "Segment", "id": "o2", "tier_id": "own", "interval": {"start_ns": 40000000000, "end_ns": 44000000000}, "label": "cool", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(14,'20231114-221320-00aa','jdoe',1700000000000000000,'Accept','[{"type": "Question", "id": "abbedeab338e511eb919425a3582c35d", "session_id": "20231114-221320-00aa", "clip": {"start_ns": 0, "end_ns": 6500000000}, "asked_by": "trainee", "text": "Which one?", "answer": "The \"red\" one: schön.", "asked": {"start_ns": 1000000000, "end_ns": 3000000000}, "answered": {"start_ns": 4000000000, "end_ns": 6000000000}, "step": "mix", "choices": [], "status": "proposed", "origin": "derived"}]','[{"type": "Question", "id": "abbedeab338e511eb919425a3582c35d", "session_id": "20231114-221320-00aa", "clip": {"start_ns": 0, "end_ns": 6500000000}, "asked_by": "trainee", "text": "Which one?", "answer": "The \"red\" one: schön.", "asked": {"start_ns": 1000000000, "end_ns": 3000000000}, "answered": {"start_ns": 4000000000, "end_ns": 6000000000}, "step": "mix", "choices": ["The red one.", "None."], "status": "accepted", "origin": "derived"}]');
INSERT INTO "edit_log" VALUES(15,'20231114-221320-00aa','jdoe',1700000000000000000,'Change text','[{"type": "Turn", "id": "t1", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 1000000000, "end_ns": 3000000000}, "text": "Which one?", "said": null, "words": [{"text": "Which", "interval": {"start_ns": 1000000000, "end_ns": 2000000000}, "confidence": 0.5, "doubt": null, "flag": ""}, {"text": "one?", "interval": {"start_ns": 2000000000, "end_ns": 3000000000}, "confidence": 0.25, "doubt": null, "flag": "time spread"}], "confidence": 0.5, "voice": "", "checked": false, "origins": [], "translation": ""}]','[{"type": "Turn", "id": "t1", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 1000000000, "end_ns": 3000000000}, "text": "Which cup?", "said": null, "words": [{"text": "Which", "interval": {"start_ns": 1000000000, "end_ns": 2000000000}, "confidence": 0.5, "doubt": null, "flag": ""}, {"text": "cup?", "interval": {"start_ns": 2000000000, "end_ns": 3000000000}, "confidence": null, "doubt": null, "flag": ""}], "confidence": 0.5, "voice": "", "checked": false, "origins": [], "translation": ""}]');
INSERT INTO "edit_log" VALUES(16,'20231114-221320-00aa','jdoe',1700000000000000000,'Delete turn','[{"type": "Turn", "id": "t3", "transcript_id": "transcript", "speaker": "expert", "interval": {"start_ns": 9000000000, "end_ns": 10000000000}, "text": "Hm.", "said": null, "words": [], "confidence": null, "voice": "", "checked": false, "origins": [], "translation": ""}]','[]');
INSERT INTO "edit_log" VALUES(17,'20231114-221320-00aa','jdoe',1700000000000000000,'New term','[]','[{"type": "Term", "id": "g1", "procedure_id": "cake", "text": "whisk"}]');
INSERT INTO "edit_log" VALUES(18,'20231114-221320-00aa','alovelace',1700000000000000000,'Finish','[{"type": "Tier", "id": "own", "session_id": "20231114-221320-00aa", "kind": "steps", "name": "Second look", "codebook_id": "steps-cake", "annotator": "jdoe", "origin": "manual", "status": "draft"}]','[{"type": "Tier", "id": "own", "session_id": "20231114-221320-00aa", "kind": "steps", "name": "Second look", "codebook_id": "steps-cake", "annotator": "jdoe", "origin": "manual", "status": "done"}]');
INSERT INTO "edit_log" VALUES(19,'20231114-221320-00aa','woz speakers',1700000000000000000,'Say whose voices these are','[{"type": "Turn", "id": "t2", "transcript_id": "transcript", "speaker": "expert", "interval": {"start_ns": 4000000000, "end_ns": 6000000000}, "text": "The \"red\" one: schön.", "said": {"start_ns": 3000000000, "end_ns": 5000000000}, "words": [{"text": "The", "interval": {"start_ns": 4000000000, "end_ns": 5000000000}, "confidence": null, "doubt": null, "flag": ""}, {"text": "\"red\"", "interval": {"start_ns": 5000000000, "end_ns": 6000000000}, "confidence": null, "doubt": null, "flag": ""}], "confidence": 0.9, "voice": "other 1", "checked": false, "origins": [], "translation": ""}]','[{"type": "Turn", "id": "t2", "transcript_id": "transcript", "speaker": "expert", "interval": {"start_ns": 4000000000, "end_ns": 6000000000}, "text": "The \"red\" one: schön.", "said": {"start_ns": 3000000000, "end_ns": 5000000000}, "words": [{"text": "The", "interval": {"start_ns": 4000000000, "end_ns": 5000000000}, "confidence": null, "doubt": null, "flag": ""}, {"text": "\"red\"", "interval": {"start_ns": 5000000000, "end_ns": 6000000000}, "confidence": null, "doubt": null, "flag": ""}], "confidence": 0.9, "voice": "", "checked": false, "origins": [], "translation": ""}]');
CREATE TABLE event (
	id INTEGER NOT NULL, 
	session_id TEXT NOT NULL, 
	t_ns INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (id), 
	CONSTRAINT fk_event_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
CREATE TABLE glossary_term (
	id TEXT NOT NULL, 
	procedure_id TEXT NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_glossary_term PRIMARY KEY (id), 
	CONSTRAINT fk_glossary_term_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id) ON DELETE CASCADE
);
INSERT INTO "glossary_term" VALUES('g1','cake','whisk');
CREATE TABLE job (
	id TEXT NOT NULL, 
	session_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT NOT NULL, 
	message TEXT NOT NULL, 
	made_utc_ns INTEGER NOT NULL, 
	ended_utc_ns INTEGER, 
	CONSTRAINT pk_job PRIMARY KEY (id), 
	CONSTRAINT fk_job_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
CREATE TABLE original_turn (
	id TEXT NOT NULL, 
	transcript_id TEXT NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_original_turn PRIMARY KEY (id), 
	CONSTRAINT fk_original_turn_transcript_id_transcript FOREIGN KEY(transcript_id) REFERENCES transcript (id) ON DELETE CASCADE
);
INSERT INTO "original_turn" VALUES('t1','transcript','[{"type": "Turn", "id": "t1", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 1000000000, "end_ns": 3000000000}, "text": "Which one?", "said": null, "words": [{"text": "Which", "interval": {"start_ns": 1000000000, "end_ns": 2000000000}, "confidence": 0.5, "doubt": null, "flag": ""}, {"text": "one?", "interval": {"start_ns": 2000000000, "end_ns": 3000000000}, "confidence": 0.25, "doubt": null, "flag": "time spread"}], "confidence": 0.5, "voice": "", "checked": false, "origins": [], "translation": ""}]');
INSERT INTO "original_turn" VALUES('t2','transcript','[{"type": "Turn", "id": "t2", "transcript_id": "transcript", "speaker": "expert", "interval": {"start_ns": 4000000000, "end_ns": 6000000000}, "text": "The \"red\" one: schön.", "said": {"start_ns": 3000000000, "end_ns": 5000000000}, "words": [{"text": "The", "interval": {"start_ns": 4000000000, "end_ns": 5000000000}, "confidence": null, "doubt": null, "flag": ""}, {"text": "\"red\"", "interval": {"start_ns": 5000000000, "end_ns": 6000000000}, "confidence": null, "doubt": null, "flag": ""}], "confidence": 0.9, "voice": "other 1", "checked": false, "origins": [], "translation": ""}]');
INSERT INTO "original_turn" VALUES('t3','transcript','[{"type": "Turn", "id": "t3", "transcript_id": "transcript", "speaker": "expert", "interval": {"start_ns": 9000000000, "end_ns": 10000000000}, "text": "Hm.", "said": null, "words": [], "confidence": null, "voice": "", "checked": false, "origins": [], "translation": ""}]');
CREATE TABLE "participant" (
	id TEXT NOT NULL, 
	pseudonym TEXT NOT NULL, 
	role TEXT NOT NULL, 
	withdrawn BOOLEAN NOT NULL, 
	CONSTRAINT pk_participant PRIMARY KEY (id), 
	CONSTRAINT uq_participant_pseudonym UNIQUE (pseudonym)
);
INSERT INTO "participant" VALUES('anna','P01','trainee',0);
CREATE TABLE participant_language (
	participant_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	tag TEXT NOT NULL, 
	CONSTRAINT pk_participant_language PRIMARY KEY (participant_id, place), 
	CONSTRAINT fk_participant_language_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id) ON DELETE CASCADE
);
INSERT INTO "participant_language" VALUES('anna',0,'de-CH');
INSERT INTO "participant_language" VALUES('anna',1,'en');
CREATE TABLE procedure (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_procedure PRIMARY KEY (id)
);
INSERT INTO "procedure" VALUES('cake','Cake');
CREATE TABLE question (
	id TEXT NOT NULL, 
	session_id TEXT NOT NULL, 
	clip_start_ns INTEGER NOT NULL, 
	clip_end_ns INTEGER NOT NULL, 
	asked_by TEXT NOT NULL, 
	text TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	asked_start_ns INTEGER NOT NULL, 
	asked_end_ns INTEGER NOT NULL, 
	answered_start_ns INTEGER NOT NULL, 
	answered_end_ns INTEGER NOT NULL, 
	step TEXT, 
	status TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	CONSTRAINT pk_question PRIMARY KEY (id), 
	CONSTRAINT fk_question_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
INSERT INTO "question" VALUES('abbedeab338e511eb919425a3582c35d','20231114-221320-00aa',0,6500000000,'trainee','Which one?','The "red" one: schön.',1000000000,3000000000,4000000000,6000000000,'mix','accepted','derived');
CREATE TABLE review (
	id INTEGER NOT NULL, 
	question_id TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	made_utc_ns INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	CONSTRAINT pk_review PRIMARY KEY (id)
);
INSERT INTO "review" VALUES(1,'abbedeab338e511eb919425a3582c35d','jdoe',1700000000000000000,'accepted');
CREATE TABLE segment (
	id TEXT NOT NULL, 
	tier_id TEXT NOT NULL, 
	start_ns INTEGER NOT NULL, 
	end_ns INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	note TEXT NOT NULL, 
	mistake BOOLEAN NOT NULL, 
	CONSTRAINT pk_segment PRIMARY KEY (id), 
	CONSTRAINT ck_segment_interval CHECK (end_ns >= start_ns), 
	CONSTRAINT fk_segment_tier_id_tier FOREIGN KEY(tier_id) REFERENCES tier (id) ON DELETE CASCADE
);
INSERT INTO "segment" VALUES('s1','live',1000000000,5000000000,'mix','',0);
INSERT INTO "segment" VALUES('s2','live',5000000000,20000000000,'bake','öfen',1);
INSERT INTO "segment" VALUES('s3','live',20000000000,30000000000,'cool','',0);
INSERT INTO "segment" VALUES('7cc890418038555a92bb8e649afc1356','9ec37aab88374c0db9b8a2ac54a6217e',0,1000000000,'none','',0);
INSERT INTO "segment" VALUES('d099f138306159c1a0416b0e3f4f9144','9ec37aab88374c0db9b8a2ac54a6217e',1000000000,3000000000,'trainee','',0);
INSERT INTO "segment" VALUES('8c4de7c0840857edb4177c53bd00066b','9ec37aab88374c0db9b8a2ac54a6217e',3000000000,4000000000,'none','',0);
INSERT INTO "segment" VALUES('b73371c2caf0526fa7dc9940f2938fd2','9ec37aab88374c0db9b8a2ac54a6217e',4000000000,6000000000,'expert','',0);
INSERT INTO "segment" VALUES('c39ac9d1736a582489580ed184a51f4b','9ec37aab88374c0db9b8a2ac54a6217e',6000000000,9000000000,'none','',0);
INSERT INTO "segment" VALUES('58ff187590b65ed08df1111d198d0135','9ec37aab88374c0db9b8a2ac54a6217e',9000000000,10000000000,'expert','',0);
INSERT INTO "segment" VALUES('0d68375414aa57b1a5f540303cd8eaa4','9ec37aab88374c0db9b8a2ac54a6217e',10000000000,60000000000,'none','',0);
INSERT INTO "segment" VALUES('o1','own',2000000000,4000000000,'mix','',1);
INSERT INTO "segment" VALUES('o2','own',40000000000,44000000000,'cool','',0);
CREATE TABLE session (
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	state TEXT NOT NULL, 
	start_utc_ns INTEGER NOT NULL, 
	duration_ns INTEGER, 
	procedure_id TEXT, scenario TEXT DEFAULT '' NOT NULL, source TEXT DEFAULT '' NOT NULL, licence TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_session PRIMARY KEY (id), 
	CONSTRAINT fk_session_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id)
);
INSERT INTO "session" VALUES('20231114-221320-00aa','Cake','closed',1700000000000000000,60000000000,'cake','A cake.','Cakes 1.0','CC BY 4.0');
CREATE TABLE "session_participant" (
	session_id TEXT NOT NULL, 
	participant_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	role TEXT, 
	experience TEXT, 
	times INTEGER, 
	skill INTEGER, 
	CONSTRAINT pk_session_participant PRIMARY KEY (session_id, participant_id), 
	CONSTRAINT fk_session_participant_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE, 
	CONSTRAINT fk_session_participant_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id), 
	CONSTRAINT ck_session_participant_skill CHECK (skill BETWEEN 0 AND 10)
);
INSERT INTO "session_participant" VALUES('20231114-221320-00aa','anna',0,'trainee',NULL,NULL,NULL);
CREATE TABLE session_protocol (
	session_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	text TEXT NOT NULL, 
	version TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	gaze_shown BOOLEAN NOT NULL, 
	pointing_allowed BOOLEAN NOT NULL, 
	cue_delay_ms INTEGER NOT NULL, 
	CONSTRAINT pk_session_protocol PRIMARY KEY (session_id), 
	CONSTRAINT fk_session_protocol_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
CREATE TABLE "step" (
	procedure_id TEXT NOT NULL, 
	id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	parent_id TEXT, 
	CONSTRAINT pk_step PRIMARY KEY (procedure_id, id), 
	CONSTRAINT fk_step_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id) ON DELETE CASCADE, 
	CONSTRAINT fk_step_parent FOREIGN KEY(procedure_id, parent_id) REFERENCES "step" (procedure_id, id)
);
INSERT INTO "step" VALUES('cake','mix',0,'Mix',0,NULL);
INSERT INTO "step" VALUES('cake','bake',1,'Bake',1,NULL);
INSERT INTO "step" VALUES('cake','cool',2,'Cool',2,NULL);
CREATE TABLE "step_prerequisite" (
	procedure_id TEXT NOT NULL, 
	step_id TEXT NOT NULL, 
	before_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	CONSTRAINT pk_step_prerequisite PRIMARY KEY (procedure_id, step_id, before_id), 
	CONSTRAINT fk_step_prerequisite_step FOREIGN KEY(procedure_id, step_id) REFERENCES "step" (procedure_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_step_prerequisite_before FOREIGN KEY(procedure_id, before_id) REFERENCES "step" (procedure_id, id) ON DELETE CASCADE
);
INSERT INTO "step_prerequisite" VALUES('cake','bake','mix',0);
CREATE TABLE stream (
	id TEXT NOT NULL, 
	session_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	path TEXT NOT NULL, 
	track INTEGER NOT NULL, 
	start_ns INTEGER NOT NULL, 
	end_ns INTEGER NOT NULL, 
	clock_map TEXT, 
	sha256 TEXT, 
	CONSTRAINT pk_stream PRIMARY KEY (id), 
	CONSTRAINT ck_stream_interval CHECK (end_ns >= start_ns), 
	CONSTRAINT fk_stream_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
INSERT INTO "stream" VALUES('view','20231114-221320-00aa','view','ego.mkv',0,0,60000000000,NULL,'ab');
CREATE TABLE tier (
	id TEXT NOT NULL, 
	session_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	codebook_id TEXT NOT NULL, 
	annotator TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	status TEXT NOT NULL, 
	CONSTRAINT pk_tier PRIMARY KEY (id), 
	CONSTRAINT fk_tier_codebook_id_codebook FOREIGN KEY(codebook_id) REFERENCES codebook (id), 
	CONSTRAINT fk_tier_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
INSERT INTO "tier" VALUES('live','20231114-221320-00aa','steps','Steps','steps-cake','woz','live','draft');
INSERT INTO "tier" VALUES('9ec37aab88374c0db9b8a2ac54a6217e','20231114-221320-00aa','states','Conversation','conversation-states','woz','derived','draft');
INSERT INTO "tier" VALUES('own','20231114-221320-00aa','steps','Second look','steps-cake','jdoe','manual','done');
CREATE TABLE transcript (
	id TEXT NOT NULL, 
	session_id TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	language TEXT NOT NULL, 
	made_by TEXT NOT NULL, 
	made_utc_ns INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_transcript PRIMARY KEY (id), 
	CONSTRAINT fk_transcript_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
INSERT INTO "transcript" VALUES('transcript','20231114-221320-00aa','recognised','en','whisper small',1700000000000000000,'');
CREATE TABLE turn (
	id TEXT NOT NULL, 
	transcript_id TEXT NOT NULL, 
	speaker TEXT NOT NULL, 
	start_ns INTEGER NOT NULL, 
	end_ns INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	said_start_ns INTEGER, 
	said_end_ns INTEGER, 
	confidence DOUBLE, voice TEXT DEFAULT '' NOT NULL, checked BOOLEAN DEFAULT '0' NOT NULL, origins JSON DEFAULT '[]' NOT NULL, translation TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_turn PRIMARY KEY (id), 
	CONSTRAINT ck_turn_interval CHECK (end_ns >= start_ns), 
	CONSTRAINT fk_turn_transcript_id_transcript FOREIGN KEY(transcript_id) REFERENCES transcript (id) ON DELETE CASCADE
);
INSERT INTO "turn" VALUES('t1','transcript','trainee',1000000000,3000000000,'Which cup?',NULL,NULL,0.5,'',0,'[]','');
INSERT INTO "turn" VALUES('t2','transcript','expert',4000000000,6000000000,'The "red" one: schön.',3000000000,5000000000,0.9,'',0,'[]','');
CREATE TABLE word (
	turn_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	start_ns INTEGER NOT NULL, 
	end_ns INTEGER NOT NULL, 
	confidence DOUBLE, doubt BOOLEAN, flag TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_word PRIMARY KEY (turn_id, place), 
	CONSTRAINT fk_word_turn_id_turn FOREIGN KEY(turn_id) REFERENCES turn (id) ON DELETE CASCADE
);
INSERT INTO "word" VALUES('t1',0,'Which',1000000000,2000000000,0.5,NULL,'');
INSERT INTO "word" VALUES('t1',1,'cup?',2000000000,3000000000,NULL,NULL,'');
INSERT INTO "word" VALUES('t2',0,'The',4000000000,5000000000,NULL,NULL,'');
INSERT INTO "word" VALUES('t2',1,'"red"',5000000000,6000000000,NULL,NULL,'');
CREATE INDEX ix_stream_session_id ON stream (session_id);
CREATE INDEX ix_event_session_time ON event (session_id, t_ns);
CREATE INDEX ix_transcript_session_id ON transcript (session_id);
CREATE INDEX ix_turn_transcript_id ON turn (transcript_id);
CREATE INDEX ix_tier_session_id ON tier (session_id);
CREATE INDEX ix_segment_tier_id ON segment (tier_id);
CREATE INDEX ix_question_session_id ON question (session_id);
CREATE INDEX ix_job_session_id ON job (session_id);
CREATE INDEX ix_edit_log_session_id ON edit_log (session_id);
CREATE INDEX ix_review_question_id ON review (question_id);
CREATE INDEX ix_original_turn_transcript_id ON original_turn (transcript_id);
CREATE INDEX ix_glossary_term_procedure_id ON glossary_term (procedure_id);
CREATE TRIGGER original_turn_stays BEFORE UPDATE ON original_turn BEGIN SELECT RAISE(ABORT, 'a turn as first made is never changed'); END;
COMMIT;
