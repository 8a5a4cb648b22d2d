namespace KeysCluster;

/// <summary>How a change ended. Anything but <see cref="Done"/> changed nothing.</summary>
[GenerateSerializer, Alias("KeysCluster.ChangeOutcome")]
public enum ChangeOutcome
{
    /// <summary>Carried out and durable, or already so.</summary>
    Done = 0,

    /// <summary>There is no such virtual key or project for this caller.</summary>
    NotFound = 1,

    /// <summary>There is one with this id already.</summary>
    AlreadyExists = 2,

    /// <summary>The virtual key is revoked, which is final.</summary>
    Revoked = 3,

    /// <summary><see cref="Secrets.GracePeriod.MaxRetiringSecrets"/> secrets are retiring; rotate again when one has ended.</summary>
    TooManyRetiringSecrets = 4,
}
