namespace KeysCluster.Idempotency;

/// <summary>A command that makes a new secret. It may be repeated only with an idempotency key.</summary>
public interface IIdempotentCommand
{
    /// <summary>Identifies the request; null when the caller does not repeat the command.</summary>
    IdempotentRequest? Idempotency { get; }
}
