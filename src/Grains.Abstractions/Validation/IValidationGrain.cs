using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace KeysCluster.Validation;

/// <summary>
/// Validates on whichever silo the call reaches first, from what that silo holds or storage has, and wakes no grain of a
/// key. The grain's key has no meaning; different ones spread the calls. None of these calls counts as a use of the secret:
/// the caller reports it, since it may answer the next ones itself.
/// </summary>
/// <remarks>Version 1 added what is dated. Front ends of the version before ask the other two, and may be there in an upgrade.</remarks>
[Alias("KeysCluster.IValidationGrain"), GrainInterfaceType(GrainTypes.ValidationInterface), Version(1)]
public interface IValidationGrain : IGrainWithIntegerKey
{
    /// <summary>As <see cref="IVirtualKeyGrain.Validate"/>.</summary>
    [Alias("Validate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<Verdict> Validate(VirtualKeyId key, SecretDigest digest, ProjectId? project);

    /// <summary>As <see cref="IProjectGrain.Authenticate"/>.</summary>
    [Alias("Authenticate"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<bool> Authenticate(ProjectId project, SecretDigest digest);

    /// <summary>The verdict, and how old what it comes from is, for a client that answers from it for a while.</summary>
    [Alias("ValidateDated"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<DatedVerdict> ValidateDated(VirtualKeyId key, SecretDigest digest, ProjectId? project);

    /// <summary>The API key that has a digest and works now, for a client that answers from it for a while.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="Storage.ValidationUnavailableException">It cannot be found out now.</exception>
    [Alias("AuthenticateDated"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<DatedApiKey?> AuthenticateDated(ProjectId project, SecretDigest digest);
}

/// <summary>A verdict with its age.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Age">How long ago the state that it comes from was read, at least.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.DatedVerdict")]
public sealed record DatedVerdict([property: Id(0)] Verdict Verdict, [property: Id(1)] TimeSpan Age);

/// <summary>An API key that works, with the age of that knowledge.</summary>
/// <param name="Id">Names it.</param>
/// <param name="ValidUntil">The deadline of a retiring one; null for the current one.</param>
/// <param name="Revision">Of the project that it was read with.</param>
/// <param name="Age">How long ago that was read, at least.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.DatedApiKey")]
public sealed record DatedApiKey(
    [property: Id(0)] SecretId Id,
    [property: Id(1)] DateTimeOffset? ValidUntil,
    [property: Id(2)] long Revision,
    [property: Id(3)] TimeSpan Age);
