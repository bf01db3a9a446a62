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
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE answer_choice (
	question_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_answer_choice PRIMARY KEY (question_id, place), 
	CONSTRAINT fk_answer_choice_question_id_question FOREIGN KEY(question_id) REFERENCES question (id) ON DELETE CASCADE
);
INSERT INTO "answer_choice" VALUES('q1',0,'Mix well.');
INSERT INTO "answer_choice" VALUES('q1',1,'Not at all.');
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
INSERT INTO "edit_log" VALUES(1,'20231114-221320-00aa','anna',1700000000000000000,'Begin','[]','[{"type": "Tier", "id": "states", "session_id": "20231114-221320-00aa", "kind": "states", "name": "Conversation", "codebook_id": "conversation-states", "annotator": "anna", "origin": "manual", "status": "draft"}, {"type": "Segment", "id": "s1", "tier_id": "states", "interval": {"start_ns": 1000000000, "end_ns": 2000000000}, "label": "expert", "note": "", "mistake": false}]');
INSERT INTO "edit_log" VALUES(2,'20231114-221320-00aa','anna',1700000000000000000,'Ask','[]','[{"type": "Question", "id": "q1", "session_id": "20231114-221320-00aa", "clip": {"start_ns": 0, "end_ns": 5000000000}, "asked_by": "trainee", "text": "Mix it?", "answer": "Mix well.", "asked": {"start_ns": 0, "end_ns": 900000000}, "answered": {"start_ns": 1000000000, "end_ns": 2000000000}, "step": "mix", "choices": ["Mix well.", "Not at all."], "status": "proposed", "origin": "derived"}]');
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
INSERT INTO "event" VALUES(1,'20231114-221320-00aa',5000000000,'step','console','{"step_id": "mix"}');
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
INSERT INTO "job" VALUES('j','20231114-221320-00aa','transcribe','done','12 turns',1700000000000000000,NULL);
CREATE TABLE participant (
	id TEXT NOT NULL, 
	pseudonym TEXT NOT NULL, 
	role TEXT NOT NULL, 
	consent_utc_ns INTEGER, 
	withdrawn BOOLEAN NOT NULL, 
	CONSTRAINT pk_participant PRIMARY KEY (id), 
	CONSTRAINT uq_participant_pseudonym UNIQUE (pseudonym)
);
INSERT INTO "participant" VALUES('anna','P01','trainee',1700000000000000000,0);
INSERT INTO "participant" VALUES('ben','E01','expert',NULL,0);
CREATE TABLE procedure (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	CONSTRAINT pk_procedure PRIMARY KEY (id)
);
INSERT INTO "procedure" VALUES('cake','Bake a cake');
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
INSERT INTO "question" VALUES('q1','20231114-221320-00aa',0,5000000000,'trainee','Mix it?','Mix well.',0,900000000,1000000000,2000000000,'mix','proposed','derived');
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
INSERT INTO "segment" VALUES('s1','states',1000000000,2000000000,'expert','',0);
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
INSERT INTO "session" VALUES('20231114-221320-00aa','Anna bakes','closed',1700000000000000000,60000000000,'cake');
CREATE TABLE session_participant (
	session_id TEXT NOT NULL, 
	participant_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	CONSTRAINT pk_session_participant PRIMARY KEY (session_id, participant_id), 
	CONSTRAINT fk_session_participant_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id), 
	CONSTRAINT fk_session_participant_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);
INSERT INTO "session_participant" VALUES('20231114-221320-00aa','anna',0);
INSERT INTO "session_participant" VALUES('20231114-221320-00aa','ben',1);
CREATE TABLE step (
	id TEXT NOT NULL, 
	procedure_id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	parent_id TEXT, 
	CONSTRAINT pk_step PRIMARY KEY (id), 
	CONSTRAINT fk_step_parent_id_step FOREIGN KEY(parent_id) REFERENCES step (id), 
	CONSTRAINT fk_step_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id) ON DELETE CASCADE
);
INSERT INTO "step" VALUES('mix','cake',0,'Mix',0,NULL);
INSERT INTO "step" VALUES('bake','cake',1,'Bake',1,NULL);
INSERT INTO "step" VALUES('heat','cake',2,'Heat the oven',0,'bake');
CREATE TABLE step_prerequisite (
	step_id TEXT NOT NULL, 
	before_id TEXT NOT NULL, 
	CONSTRAINT pk_step_prerequisite PRIMARY KEY (step_id, before_id), 
	CONSTRAINT fk_step_prerequisite_before_id_step FOREIGN KEY(before_id) REFERENCES step (id) ON DELETE CASCADE, 
	CONSTRAINT fk_step_prerequisite_step_id_step FOREIGN KEY(step_id) REFERENCES step (id) ON DELETE CASCADE
);
INSERT INTO "step_prerequisite" VALUES('bake','mix');
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
INSERT INTO "stream" VALUES('v','20231114-221320-00aa','view','ego.mkv',0,0,60000000000,NULL,NULL);
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
INSERT INTO "tier" VALUES('states','20231114-221320-00aa','states','Conversation','conversation-states','anna','manual','draft');
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
INSERT INTO "transcript" VALUES('t','20231114-221320-00aa','script','en','woz',1700000000000000000,'');
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
INSERT INTO "turn" VALUES('t1','t','expert',1000000000,2000000000,'Mix well.',900000000,1900000000,0.8);
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
INSERT INTO "word" VALUES('t1',0,'Mix',1000000000,1400000000,0.9);
INSERT INTO "word" VALUES('t1',1,'well.',1400000000,2000000000,NULL);
CREATE INDEX ix_step_procedure_id ON step (procedure_id);
CREATE INDEX ix_edit_log_session_id ON edit_log (session_id);
CREATE INDEX ix_event_session_time ON event (session_id, t_ns);
CREATE INDEX ix_job_session_id ON job (session_id);
CREATE INDEX ix_question_session_id ON question (session_id);
CREATE INDEX ix_stream_session_id ON stream (session_id);
CREATE INDEX ix_tier_session_id ON tier (session_id);
CREATE INDEX ix_transcript_session_id ON transcript (session_id);
CREATE INDEX ix_segment_tier_id ON segment (tier_id);
CREATE INDEX ix_turn_transcript_id ON turn (transcript_id);
COMMIT;
