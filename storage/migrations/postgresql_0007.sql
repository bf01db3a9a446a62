-- The schema of revision 0007, with which PostgreSQL begins; every later migration runs on both databases.

CREATE TABLE about (
    id BIGSERIAL NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    made_utc_ns BIGINT NOT NULL,
    CONSTRAINT pk_about PRIMARY KEY (id)
);

CREATE TABLE participant (
    id TEXT COLLATE "C" NOT NULL,
    pseudonym TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    CONSTRAINT pk_participant PRIMARY KEY (id),
    CONSTRAINT uq_participant_pseudonym UNIQUE (pseudonym)
);

CREATE TABLE procedure (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_procedure PRIMARY KEY (id)
);

CREATE TABLE codebook (
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_codebook PRIMARY KEY (id)
);

CREATE TABLE review (
    id BIGSERIAL NOT NULL,
    question_id TEXT COLLATE "C" NOT NULL,
    by TEXT COLLATE "C" NOT NULL,
    made_utc_ns BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_review PRIMARY KEY (id)
);

CREATE INDEX ix_review_question_id ON review (question_id);

CREATE TABLE consent (
    participant_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    given_utc_ns BIGINT NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (participant_id, kind, version),
    CONSTRAINT fk_consent_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id) ON DELETE CASCADE
);

CREATE TABLE participant_language (
    participant_id TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    tag TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_participant_language PRIMARY KEY (participant_id, place),
    CONSTRAINT fk_participant_language_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id) ON DELETE CASCADE
);

CREATE TABLE step (
    procedure_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    parent_id TEXT COLLATE "C",
    CONSTRAINT pk_step PRIMARY KEY (procedure_id, id),
    CONSTRAINT fk_step_parent FOREIGN KEY(procedure_id, parent_id) REFERENCES step (procedure_id, id),
    CONSTRAINT fk_step_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id) ON DELETE CASCADE
);

CREATE TABLE session (
    id TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    start_utc_ns BIGINT NOT NULL,
    duration_ns BIGINT,
    procedure_id TEXT COLLATE "C",
    scenario TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    licence TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (id),
    CONSTRAINT fk_session_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id)
);

CREATE TABLE glossary_term (
    id TEXT COLLATE "C" NOT NULL,
    procedure_id TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_glossary_term PRIMARY KEY (id),
    CONSTRAINT fk_glossary_term_procedure_id_procedure FOREIGN KEY(procedure_id) REFERENCES procedure (id) ON DELETE CASCADE
);

CREATE INDEX ix_glossary_term_procedure_id ON glossary_term (procedure_id);

CREATE TABLE codebook_label (
    codebook_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    colour TEXT COLLATE "C" NOT NULL,
    shortcut TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_codebook_label PRIMARY KEY (codebook_id, key),
    CONSTRAINT fk_codebook_label_codebook_id_codebook FOREIGN KEY(codebook_id) REFERENCES codebook (id) ON DELETE CASCADE
);

CREATE TABLE step_prerequisite (
    procedure_id TEXT COLLATE "C" NOT NULL,
    step_id TEXT COLLATE "C" NOT NULL,
    before_id TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    CONSTRAINT pk_step_prerequisite PRIMARY KEY (procedure_id, step_id, before_id),
    CONSTRAINT fk_step_prerequisite_step FOREIGN KEY(procedure_id, step_id) REFERENCES step (procedure_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_step_prerequisite_before FOREIGN KEY(procedure_id, before_id) REFERENCES step (procedure_id, id) ON DELETE CASCADE
);

CREATE TABLE session_protocol (
    session_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    gaze_shown BOOLEAN NOT NULL,
    pointing_allowed BOOLEAN NOT NULL,
    cue_delay_ms BIGINT NOT NULL,
    CONSTRAINT pk_session_protocol PRIMARY KEY (session_id),
    CONSTRAINT fk_session_protocol_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE TABLE session_participant (
    session_id TEXT COLLATE "C" NOT NULL,
    participant_id TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    role TEXT COLLATE "C",
    experience TEXT COLLATE "C",
    times BIGINT,
    skill BIGINT,
    CONSTRAINT pk_session_participant PRIMARY KEY (session_id, participant_id),
    CONSTRAINT ck_session_participant_skill CHECK (skill BETWEEN 0 AND 10),
    CONSTRAINT fk_session_participant_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE,
    CONSTRAINT fk_session_participant_participant_id_participant FOREIGN KEY(participant_id) REFERENCES participant (id)
);

CREATE TABLE stream (
    id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    track BIGINT NOT NULL,
    start_ns BIGINT NOT NULL,
    end_ns BIGINT NOT NULL,
    clock_map TEXT COLLATE "C",
    sha256 TEXT COLLATE "C",
    CONSTRAINT pk_stream PRIMARY KEY (id),
    CONSTRAINT ck_stream_interval CHECK (end_ns >= start_ns),
    CONSTRAINT fk_stream_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX ix_stream_session_id ON stream (session_id);

CREATE TABLE event (
    id BIGSERIAL NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    t_ns BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    by TEXT COLLATE "C" NOT NULL,
    data TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (id),
    CONSTRAINT fk_event_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX ix_event_session_time ON event (session_id, t_ns);

CREATE TABLE transcript (
    id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    made_utc_ns BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_transcript PRIMARY KEY (id),
    CONSTRAINT fk_transcript_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX ix_transcript_session_id ON transcript (session_id);

CREATE TABLE tier (
    id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    codebook_id TEXT COLLATE "C" NOT NULL,
    annotator TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_tier PRIMARY KEY (id),
    CONSTRAINT fk_tier_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE,
    CONSTRAINT fk_tier_codebook_id_codebook FOREIGN KEY(codebook_id) REFERENCES codebook (id)
);

CREATE INDEX ix_tier_session_id ON tier (session_id);

CREATE TABLE question (
    id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    clip_start_ns BIGINT NOT NULL,
    clip_end_ns BIGINT NOT NULL,
    asked_by TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    answer TEXT COLLATE "C" NOT NULL,
    asked_start_ns BIGINT NOT NULL,
    asked_end_ns BIGINT NOT NULL,
    answered_start_ns BIGINT NOT NULL,
    answered_end_ns BIGINT NOT NULL,
    step TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_question PRIMARY KEY (id),
    CONSTRAINT fk_question_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX ix_question_session_id ON question (session_id);

CREATE TABLE job (
    id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    made_utc_ns BIGINT NOT NULL,
    ended_utc_ns BIGINT,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT fk_job_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX ix_job_session_id ON job (session_id);

CREATE TABLE edit_log (
    id BIGSERIAL NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    by TEXT COLLATE "C" NOT NULL,
    made_utc_ns BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C" NOT NULL,
    after TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_edit_log PRIMARY KEY (id),
    CONSTRAINT fk_edit_log_session_id_session FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE INDEX ix_edit_log_session_id ON edit_log (session_id);

CREATE TABLE turn (
    id TEXT COLLATE "C" NOT NULL,
    transcript_id TEXT COLLATE "C" NOT NULL,
    speaker TEXT COLLATE "C" NOT NULL,
    start_ns BIGINT NOT NULL,
    end_ns BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    said_start_ns BIGINT,
    said_end_ns BIGINT,
    confidence DOUBLE PRECISION,
    voice TEXT COLLATE "C" NOT NULL,
    checked BOOLEAN NOT NULL,
    origins JSONB NOT NULL,
    translation TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_turn PRIMARY KEY (id),
    CONSTRAINT ck_turn_interval CHECK (end_ns >= start_ns),
    CONSTRAINT fk_turn_transcript_id_transcript FOREIGN KEY(transcript_id) REFERENCES transcript (id) ON DELETE CASCADE
);

CREATE INDEX ix_turn_transcript_id ON turn (transcript_id);

CREATE TABLE original_turn (
    id TEXT COLLATE "C" NOT NULL,
    transcript_id TEXT COLLATE "C" NOT NULL,
    data TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_original_turn PRIMARY KEY (id),
    CONSTRAINT fk_original_turn_transcript_id_transcript FOREIGN KEY(transcript_id) REFERENCES transcript (id) ON DELETE CASCADE
);

CREATE INDEX ix_original_turn_transcript_id ON original_turn (transcript_id);

CREATE TABLE segment (
    id TEXT COLLATE "C" NOT NULL,
    tier_id TEXT COLLATE "C" NOT NULL,
    start_ns BIGINT NOT NULL,
    end_ns BIGINT NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    mistake BOOLEAN NOT NULL,
    CONSTRAINT pk_segment PRIMARY KEY (id),
    CONSTRAINT ck_segment_interval CHECK (end_ns >= start_ns),
    CONSTRAINT fk_segment_tier_id_tier FOREIGN KEY(tier_id) REFERENCES tier (id) ON DELETE CASCADE
);

CREATE INDEX ix_segment_tier_id ON segment (tier_id);

CREATE TABLE answer_choice (
    question_id TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_answer_choice PRIMARY KEY (question_id, place),
    CONSTRAINT fk_answer_choice_question_id_question FOREIGN KEY(question_id) REFERENCES question (id) ON DELETE CASCADE
);

CREATE TABLE word (
    turn_id TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    start_ns BIGINT NOT NULL,
    end_ns BIGINT NOT NULL,
    confidence DOUBLE PRECISION,
    doubt BOOLEAN,
    flag TEXT COLLATE "C" NOT NULL,
    CONSTRAINT pk_word PRIMARY KEY (turn_id, place),
    CONSTRAINT fk_word_turn_id_turn FOREIGN KEY(turn_id) REFERENCES turn (id) ON DELETE CASCADE
);

CREATE FUNCTION original_turn_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a turn as first made is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER original_turn_stays BEFORE UPDATE ON original_turn
    FOR EACH ROW EXECUTE FUNCTION original_turn_stays();
