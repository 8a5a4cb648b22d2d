namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The names of the rules, as reports show them.</summary>
internal static class RuleNames
{
    /// <summary>A secret was accepted after a response or its deadline had made it invalid.</summary>
    public const string AcceptedAfterInvalidation = nameof(AcceptedAfterInvalidation);

    /// <summary>A secret was accepted with another code or deadline than any current state has.</summary>
    public const string VerdictMismatch = nameof(VerdictMismatch);

    /// <summary>A valid secret was rejected.</summary>
    public const string RejectedWithoutReason = nameof(RejectedWithoutReason);

    /// <summary>An invalid secret was rejected with the wrong code.</summary>
    public const string WrongRejectionCode = nameof(WrongRejectionCode);

    /// <summary>A call was refused (4xx) for an impossible reason.</summary>
    public const string RefusedWithoutReason = nameof(RefusedWithoutReason);

    /// <summary>A call that was refused (4xx) has an event.</summary>
    public const string RefusedButApplied = nameof(RefusedButApplied);

    /// <summary>Two responses to the same idempotency key contained different secrets.</summary>
    public const string DifferentSecretOnReplay = nameof(DifferentSecretOnReplay);

    /// <summary>An acknowledged change has no event, and no state in which it would have changed nothing.</summary>
    public const string ChangeLost = nameof(ChangeLost);

    /// <summary>A call has several events, or its event is of another type or owner.</summary>
    public const string WrongEvent = nameof(WrongEvent);

    /// <summary>The numbers or revisions of an owner's events have gaps, or contradict the changes.</summary>
    public const string EventsIncomplete = nameof(EventsIncomplete);

    /// <summary>The numbers of two events contradict the order of their calls.</summary>
    public const string EventsOutOfOrder = nameof(EventsOutOfOrder);

    /// <summary>An event changed something else than its call requested, or erased a secret too early.</summary>
    public const string WrongChange = nameof(WrongChange);

    /// <summary>A change took place that no client requested.</summary>
    public const string UnrequestedChange = nameof(UnrequestedChange);

    /// <summary>A response showed a state from before an acknowledged change.</summary>
    public const string StaleRead = nameof(StaleRead);

    /// <summary>A response showed a state that never existed.</summary>
    public const string WrongRead = nameof(WrongRead);

    /// <summary>A healthy process did not respond.</summary>
    public const string NoResponseWhenHealthy = nameof(NoResponseWhenHealthy);

    /// <summary>A webhook did not deliver an event, or skipped it.</summary>
    public const string WebhookEventLost = nameof(WebhookEventLost);

    /// <summary>A webhook delivered an event of a virtual key after a later one.</summary>
    public const string WebhookOutOfOrder = nameof(WebhookOutOfOrder);

    /// <summary>A message of a webhook has no valid signature.</summary>
    public const string WebhookNotSigned = nameof(WebhookNotSigned);

    /// <summary>A message of a webhook is of no event, or differs from it.</summary>
    public const string WebhookOfNoEvent = nameof(WebhookOfNoEvent);
}
