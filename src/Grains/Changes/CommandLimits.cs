using System.Runtime.CompilerServices;
using KeysCluster.Events;
using KeysCluster.Idempotency;
using KeysCluster.Imports;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Sessions;
using KeysCluster.VerificationCounts;
using KeysCluster.VirtualKeys;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// The limits of the members of commands. The API checks them too, with messages for its callers; here they bound what
/// any other process with the certificate of a front end can store.
/// </summary>
internal static partial class CommandLimits
{
    private const int MaxActorLength = 255;
    private const int MaxOriginLength = 64;
    private const int MaxSealedBytes = 1024;
    private const int MaxDays = 8;
    private const int MaxFilterLength = 255;

    /// <summary>More transactions than a server has connections.</summary>
    private const int MaxInProgress = 10_000;

    /// <summary>Checks an argument of a grain call. Arguments that are not listed have no limits here.</summary>
    /// <exception cref="ArgumentException">A member is not within its limits. The message names it.</exception>
    public static void Check(object? argument)
    {
        switch (argument)
        {
            case Caller caller: CheckCaller(caller); break;
            case string text: Require(HasLength(text, 0, VirtualKeyLimits.MaxReasonLength), text); break;
            case LogPosition position: Require(position.IsValid(), position); break;
            case IReadOnlyList<long> days: Require(days.Count <= MaxDays, days); break;
            case EventFilter filter: CheckFilter(filter); break;
            case EventPosition position: CheckPosition(position); break;
            case VirtualKeyFilter filter: CheckFilter(filter); break;
            case VirtualKeyPosition position:
                Require(HasLength(position.SortText, 0, MaxFilterLength), position);
                break;
            case IReadOnlyList<string> permissions: CheckPermissions(permissions); break;
            case IReadOnlyList<ImportKeyCommand> keys: CheckKeys(keys); break;
            case IReadOnlyList<Sha256Digest> digests: CheckDigests(digests); break;
            case IReadOnlyList<VerificationBucket> buckets: CheckBuckets(buckets); break;
            case CreateVirtualKeyCommand command: CheckCommand(command); break;
            case UpdateVirtualKeyCommand command: CheckCommand(command); break;
            case RotateSecretCommand command: CheckCommand(command); break;
            case ExpireRetiringSecretsCommand command: CheckCaller(command.Caller); break;
            case ChangeDeadlineCommand command: CheckCaller(command.Caller); break;
            case CreateProjectCommand command: CheckCommand(command); break;
            case UpdateProjectCommand command: CheckCommand(command); break;
            case CreateApiKeyCommand command: CheckCommand(command); break;
            case UpdateApiKeyCommand command: CheckCommand(command); break;
            case CreateWebhookCommand command: CheckCommand(command); break;
            case UpdateWebhookCommand command: CheckCommand(command); break;
            case RotateWebhookSecretCommand command: CheckCommand(command); break;
            case StartSessionCommand command: CheckCommand(command); break;
            default: break;
        }
    }

    private static void CheckFilter(EventFilter filter)
    {
        Require(HasLength(filter.Type, 0, MaxFilterLength), filter.Type);
        Require(HasLength(filter.Actor, 0, MaxFilterLength), filter.Actor);
    }

    private static void CheckFilter(VirtualKeyFilter filter)
    {
        Require(HasLength(filter.ExternalId, 0, MaxFilterLength), filter.ExternalId);
        Require(HasLength(filter.PrincipalUserId, 0, MaxFilterLength), filter.PrincipalUserId);
        Require(HasLength(filter.NamePrefix, 0, MaxFilterLength), filter.NamePrefix);
        Require(filter.Status is not { } status || Enum.IsDefined(status), filter.Status);
        Require(filter.Environment is not { } environment || Enum.IsDefined(environment), filter.Environment);
    }

    private static void CheckPosition(EventPosition position)
    {
        Require(HasLength(position.Timeline, 0, MaxFilterLength), position.Timeline);
        Require(HasLength(position.LastAt, 0, MaxOriginLength), position.LastAt);
        Require(HasLimit(position.Since), position.Since);
        Require(HasLimit(position.Until), position.Until);

        static bool HasLimit(EventSnapshot? snapshot) =>
            snapshot is null || snapshot.InProgress is { Count: <= MaxInProgress };
    }

    private static void CheckDigests(IReadOnlyList<Sha256Digest> digests) =>
        Require(digests.Count <= ImportLimits.MaxDigests, digests);

    private static void CheckBuckets(IReadOnlyList<VerificationBucket> buckets)
    {
        Require(buckets.Count <= VerificationLimits.MaxBuckets, buckets);
        foreach (var counts in buckets.SelectMany(bucket => bucket.Counts.Values))
            Require(counts is >= 0 and <= VerificationLimits.MaxCount, counts);
    }

    private static void CheckCommand(StartSessionCommand command) =>
        Require(command.Credential.Length <= SessionLimits.MaxCredentialBytes, command.Credential);

    private static void CheckPermissions(IReadOnlyList<string> permissions) => Require(
        permissions.Count <= PermissionRules.MaxCount && permissions.All(PermissionRules.IsValid), permissions);

    private static void CheckCommand(RotateSecretCommand command)
    {
        CheckCaller(command.Caller);
        CheckIdempotency(command.Idempotency);
        Require(
            command.GracePeriod >= TimeSpan.Zero && command.GracePeriod <= GracePeriod.Maximum, command.GracePeriod);
        CheckSecret(command.Secret);
        if (command.TestSecret is { } secret) CheckSecret(secret);
    }

    private static void CheckCaller(Caller caller) => CheckOrigin(caller.Actor, caller.Origin);

    private static void CheckOrigin(string actor, RequestOrigin? origin)
    {
        Require(HasLength(actor, 1, MaxActorLength), actor);
        Require(HasLength(origin?.ActorId, 1, MaxActorLength), origin);
        Require(HasLength(origin?.RequestId, 1, MaxOriginLength), origin);
        Require(HasLength(origin?.SourceAddress, 0, MaxOriginLength), origin);
        Require(origin?.Permissions is null || origin.Permissions.Count <= ApiKeyPermissions.All.Count, origin);
    }

    private static void CheckIdempotency(IdempotentRequest? request)
    {
        Require(request is null || request.SealedSecret.Length <= MaxSealedBytes, request);
        Require(request?.SealedTestSecret is null || request.SealedTestSecret.Length <= MaxSealedBytes, request);
    }

    private static void CheckSecret(NewSecret secret) =>
        Require(HasLength(secret.DisplayPrefix, 1, MaxOriginLength), secret.DisplayPrefix);

    /// <summary>Returns whether a text is null or has so many Unicode code points.</summary>
    private static bool HasLength(string? text, int min, int max) =>
        text is null
        || (text.Length >= min && (text.Length <= max || text.EnumerateRunes().Take(max + 1).Count() <= max));

    private static void Require(
        bool condition, object? member, [CallerArgumentExpression(nameof(member))] string name = "")
    {
        if (!condition) throw new ArgumentException($"{name} is not within its limits.");
    }
}
