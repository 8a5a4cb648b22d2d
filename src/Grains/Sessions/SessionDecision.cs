namespace KeysCluster.Grains.Sessions;

/// <summary>What a use of a session does.</summary>
/// <param name="Outcome">Whether the session can be used.</param>
/// <param name="State">The state after it.</param>
internal readonly record struct SessionDecision(SessionOutcome Outcome, SessionState State);
