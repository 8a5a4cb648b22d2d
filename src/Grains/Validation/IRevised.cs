namespace KeysCluster.Grains.Validation;

/// <summary>A state that counts its changes, so that of two the later one is known.</summary>
internal interface IRevised
{
    /// <summary>Grows with each change that people see; what does not change it changes no verdict.</summary>
    long Revision { get; }
}
