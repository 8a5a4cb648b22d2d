using System.Security.Cryptography;
using KeysCluster.Leases;

namespace KeysCluster.Validation;

/// <summary>
/// References to the stateless workers of the cluster. Each reference has a random key, so a retry with another
/// reference is likely to reach another silo.
/// </summary>
public static class ValidationGrainFactoryExtensions
{
    /// <summary>The number of activations that a stateless worker may have per silo.</summary>
    private const int WorkerKeyCount = 64;

    private static readonly GrainType Type = GrainType.Create(GrainTypeNames.Validation);
    private static readonly GrainInterfaceType Interface =
        GrainInterfaceType.Create(GrainTypeNames.ValidationInterface);

    /// <summary>Returns a worker that validates on the silo that the call reaches.</summary>
    public static IValidationGrain GetValidationGrain(this IGrainFactory grains) =>
        (IValidationGrain)grains.GetGrain(Type, GrainIdKeyExtensions.CreateIntegerKey(RandomWorkerKey()), Interface);

    /// <summary>Returns a worker that grants cache leases to Orleans clients.</summary>
    public static IClientLeaseGrain GetClientLeaseGrain(this IGrainFactory grains)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<IClientLeaseGrain>(RandomWorkerKey());
    }

    private static int RandomWorkerKey() => RandomNumberGenerator.GetInt32(WorkerKeyCount);
}
