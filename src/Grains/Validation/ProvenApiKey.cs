namespace KeysCluster.Grains.Validation;

/// <summary>An API key that works.</summary>
/// <param name="Secret">Which one it is.</param>
/// <param name="Revision">Of the project that it was found in.</param>
/// <param name="At">The instant at which it works.</param>
/// <param name="ReadAt">By the monotonic clock, before that project was read.</param>
internal readonly record struct ProvenApiKey(VerifiedSecret Secret, long Revision, DateTimeOffset At, long ReadAt);
