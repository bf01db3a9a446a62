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
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE answer_choice (
	question_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_answer_choice PRIMARY KEY (question_id, place), 
	CONSTRAINT fk_answer_choice_question_id_question FOREIGN KEY(question_id) REFERENCES question (id) ON DELETE CASCADE
);
CREATE TABLE codebook (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	CONSTRAINT pk_codebook PRIMARY KEY (id)
);
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
INSERT INTO "codebook_label" VALUES('conversation-states','trainee',0,'Trainee speaks','#f28e2b','1');
INSERT INTO "codebook_label" VALUES('conversation-states','expert',1,'Expert speaks','#4e79a7','2');
INSERT INTO "codebook_label" VALUES('conversation-states','both',2,'Both speak','#b07aa1','3');
INSERT INTO "codebook_label" VALUES('conversation-states','none',3,'Nobody speaks','#8a9099','4');
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
INSERT INTO "edit_log" VALUES(1,'20231114-221320-00aa','ada',1700000000000000000,'Change text','[{"type": "Turn", "id": "changed", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 4000000000, "end_ns": 5000000000}, "text": "Witch one?", "said": null, "words": [], "confidence": null}]','[{"type": "Turn", "id": "changed", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 4000000000, "end_ns": 5000000000}, "text": "Which one?", "said": null, "words": [], "confidence": null}]');
INSERT INTO "edit_log" VALUES(2,'20231114-221320-00aa','ada',1700000000000000000,'Change text','[{"type": "Turn", "id": "changed", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 4000000000, "end_ns": 5000000000}, "text": "Which one?", "said": null, "words": [], "confidence": null}]','[{"type": "Turn", "id": "changed", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 4000000000, "end_ns": 5000000000}, "text": "Which one, please?", "said": null, "words": [], "confidence": null}]');
INSERT INTO "edit_log" VALUES(3,'20231114-221320-00aa','ada',1700000000000000000,'Delete turn','[{"type": "Turn", "id": "gone", "transcript_id": "transcript", "speaker": "other", "interval": {"start_ns": 6000000000, "end_ns": 7000000000}, "text": "Hm.", "said": null, "words": [], "confidence": null}]','[]');
INSERT INTO "edit_log" VALUES(4,'20231114-221320-00aa','ada',1700000000000000000,'New turn','[]','[{"type": "Turn", "id": "added", "transcript_id": "transcript", "speaker": "trainee", "interval": {"start_ns": 8000000000, "end_ns": 9000000000}, "text": "Thanks.", "said": null, "words": [], "confidence": null}]');
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
CREATE TABLE participant (
	id TEXT NOT NULL, 
	pseudonym TEXT NOT NULL, 
	role TEXT NOT NULL, 
	consent_utc_ns INTEGER, 
	withdrawn BOOLEAN NOT NULL, 
	CONSTRAINT pk_participant PRIMARY KEY (id), 
	CONSTRAINT uq_participant_pseudonym UNIQUE (pseudonym)
);
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
CREATE TABLE review (
	id INTEGER NOT NULL, 
	question_id TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	made_utc_ns INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	CONSTRAINT pk_review PRIMARY KEY (id)
);
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
CREATE TABLE session (
	id TEXT NOT NULL, 
	title TEXT NOT NULL, 
	state TEXT NOT NULL, 
	start_utc_ns INTEGER NOT NULL, 
	duration_ns INTEGER, 
	procedure_id TEXT, 
	CONSTRAINT pk_session PRIMARY KEY (id), 
	CONSTRAINT fk_session_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id)
);
INSERT INTO "session" VALUES('20231114-221320-00aa','Cake','recording',1700000000000000000,NULL,'cake');
CREATE TABLE session_participant (
	session_id TEXT NOT NULL, 
	participant_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	CONSTRAINT pk_session_participant PRIMARY KEY (session_id, participant_id), 
	CONSTRAINT fk_session_participant_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id), 
	CONSTRAINT fk_session_participant_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
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
INSERT INTO "transcript" VALUES('transcript','20231114-221320-00aa','script','en','woz',1700000000000000000,'of the demo');
CREATE TABLE turn (
	id TEXT NOT NULL, 
	transcript_id TEXT NOT NULL, 
	speaker TEXT NOT NULL, 
	start_ns INTEGER NOT NULL, 
	end_ns INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	said_start_ns INTEGER, 
	said_end_ns INTEGER, 
	confidence DOUBLE, 
	CONSTRAINT pk_turn PRIMARY KEY (id), 
	CONSTRAINT ck_turn_interval CHECK (end_ns >= start_ns), 
	CONSTRAINT fk_turn_transcript_id_transcript FOREIGN KEY(transcript_id) REFERENCES transcript (id) ON DELETE CASCADE
);
INSERT INTO "turn" VALUES('kept','transcript','expert',1000000000,3000000000,'Mix "it" well.',900000000,2900000000,0.8);
INSERT INTO "turn" VALUES('changed','transcript','trainee',4000000000,5000000000,'Which one, please?',NULL,NULL,NULL);
INSERT INTO "turn" VALUES('added','transcript','trainee',8000000000,9000000000,'Thanks.',NULL,NULL,NULL);
CREATE TABLE word (
	turn_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	start_ns INTEGER NOT NULL, 
	end_ns INTEGER NOT NULL, 
	confidence DOUBLE, 
	CONSTRAINT pk_word PRIMARY KEY (turn_id, place), 
	CONSTRAINT fk_word_turn_id_turn FOREIGN KEY(turn_id) REFERENCES turn (id) ON DELETE CASCADE
);
INSERT INTO "word" VALUES('kept',0,'Mix',1000000000,2000000000,0.5);
INSERT INTO "word" VALUES('kept',1,'"it"',2000000000,2500000000,NULL);
INSERT INTO "word" VALUES('kept',2,'well.',2500000000,3000000000,0.25);
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
COMMIT;
