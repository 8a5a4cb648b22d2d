namespace KeysCluster.Grains.Secrets;

/// <summary>The peppers of this silo, which the host replaces when their settings change.</summary>
/// <param name="peppers">The peppers at the start.</param>
public sealed class PepperRing(PepperSet peppers)
{
    private volatile PepperSet _peppers = peppers;

    /// <summary>The peppers now. An operation that uses them twice must keep what it has read.</summary>
    public PepperSet Peppers
    {
        get => _peppers;
        set => _peppers = value;
    }
}
