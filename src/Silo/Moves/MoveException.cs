namespace KeysCluster.Silo.Moves;

/// <summary>A move has failed. The message says why, and what to do; it contains no secret.</summary>
/// <param name="failure">The kind of the failure.</param>
/// <param name="message">The message.</param>
/// <param name="innerException">The cause; null if there is none.</param>
public sealed class MoveException(MoveFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The kind of the failure.</summary>
    public MoveFailure Failure => failure;
}
