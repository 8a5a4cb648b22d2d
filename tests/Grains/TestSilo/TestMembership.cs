namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A cluster membership of which only the active silos are known.</summary>
internal sealed class TestMembership : ISiloStatusOracle
{
    public List<SiloAddress> ActiveSilos { get; } = [];

    public SiloStatus CurrentStatus => SiloStatus.Active;

    public string SiloName => "silo 1";

    public SiloAddress SiloAddress => throw new NotSupportedException();

    public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) =>
        ActiveSilos.ToDictionary(silo => silo, _ => SiloStatus.Active);

    public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => throw new NotSupportedException();

    public SiloAddress[] GetActiveSilos() => throw new NotSupportedException();

    public bool TryGetSiloName(SiloAddress siloAddress, out string siloName) => throw new NotSupportedException();

    public bool IsFunctionalDirectory(SiloAddress siloAddress) => throw new NotSupportedException();

    public bool IsDeadSilo(SiloAddress silo) => throw new NotSupportedException();

    public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();

    public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();
}
