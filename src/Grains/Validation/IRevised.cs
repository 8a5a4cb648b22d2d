using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Validation;

/// <summary>A state that counts its changes, so that of two the later one is known.</summary>
internal interface IRevised
{
    /// <summary>Grows with each change that people see; what does not change it changes no verdict.</summary>
    long Revision { get; }

    /// <summary>The secret with an id; null when it is not in this state, or not any more.</summary>
    StoredSecret? FindSecret(string id);
}
