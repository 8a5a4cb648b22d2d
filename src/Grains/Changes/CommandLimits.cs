using System.Runtime.CompilerServices;
using KeysCluster.Events;
using KeysCluster.Idempotency;
using KeysCluster.Leases;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// The limits of the members of commands. The API checks them too, with messages for its callers; here they bound what
/// any other process with the certificate of a front end can store.
/// </summary>
internal static class CommandLimits
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

    private static void CheckCommand(CreateVirtualKeyCommand command)
    {
        CheckCaller(command.Caller);
        CheckIdempotency(command.Idempotency);
        Require(
            command.Name is not null && HasLength(command.Name, 1, VirtualKeyLimits.MaxNameLength), command.Name);
        Require(HasLength(command.Description, 0, VirtualKeyLimits.MaxDescriptionLength), command.Description);
        Require(
            HasLength(command.PrincipalUserId, 1, VirtualKeyLimits.MaxPrincipalUserIdLength), command.PrincipalUserId);
        Require(Enum.IsDefined(command.Environment), command.Environment);
        CheckVirtualKey(
            command.ProviderCredentialIds, command.Permissions, command.ExternalId, command.Metadata,
            command.AllowedIps.Count);
        CheckSecret(command.Secret);
    }

    private static void CheckCommand(UpdateVirtualKeyCommand command)
    {
        CheckCaller(command.Caller);
        Require(HasLength(command.Name, 1, VirtualKeyLimits.MaxNameLength), command.Name);
        Require(HasLength(command.Description, 0, VirtualKeyLimits.MaxDescriptionLength), command.Description);
        CheckVirtualKey(
            command.ProviderCredentialIds, command.Permissions, command.ExternalId, command.Metadata,
            command.AllowedIps?.Count);
    }

    private static void CheckVirtualKey(
        IReadOnlyList<string>? providerCredentialIds,
        IReadOnlyList<string>? permissions,
        string? externalId,
        IReadOnlyDictionary<string, string>? metadata,
        int? allowedIps)
    {
        Require(
            providerCredentialIds is null
                || (providerCredentialIds.Count <= VirtualKeyLimits.MaxProviderCredentials
                    && providerCredentialIds.All(id => id is not null
                        && HasLength(id, 1, VirtualKeyLimits.MaxProviderCredentialIdLength))),
            providerCredentialIds);
        if (permissions is not null) CheckPermissions(permissions);
        Require(HasLength(externalId, 1, VirtualKeyLimits.MaxExternalIdLength), externalId);
        Require(
            metadata is null
                || (metadata.Count <= VirtualKeyLimits.MaxMetadataEntries
                    && metadata.All(entry => entry.Value is not null
                        && HasLength(entry.Key, 1, VirtualKeyLimits.MaxMetadataKeyLength)
                        && HasLength(entry.Value, 0, VirtualKeyLimits.MaxMetadataValueLength))),
            metadata);
        Require(allowedIps is null or <= AllowedIpRange.MaxCount, allowedIps);
    }

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

    private static void CheckCommand(CreateProjectCommand command)
    {
        CheckIdempotency(command.Idempotency);
        CheckOrigin(command.Actor, command.Origin);
        Require(command.Name is not null && HasLength(command.Name, 1, ProjectLimits.MaxNameLength), command.Name);
        CheckProject(command.Language, command.Framework, command.TeamId);
        CheckSecret(command.ApiKey);
    }

    private static void CheckCommand(UpdateProjectCommand command)
    {
        CheckCaller(command.Caller);
        Require(HasLength(command.Name, 1, ProjectLimits.MaxNameLength), command.Name);
        Require(
            command.MaxVirtualKeys is null or (>= 0 and <= ProjectLimits.MaxVirtualKeys), command.MaxVirtualKeys);
        CheckProject(command.Language, command.Framework, command.TeamId);
    }

    private static void CheckProject(string? language, string? framework, string? teamId)
    {
        Require(HasLength(language, 0, ProjectLimits.MaxNameLength), language);
        Require(HasLength(framework, 0, ProjectLimits.MaxNameLength), framework);
        Require(HasLength(teamId, 0, ProjectLimits.MaxNameLength), teamId);
    }

    private static void CheckCommand(CreateApiKeyCommand command)
    {
        CheckCaller(command.Caller);
        CheckIdempotency(command.Idempotency);
        Require(
            command.Name is not null && HasLength(command.Name, 1, ApiKeyLimits.MaxNameLength), command.Name);
        CheckApiKeyPermissions(command.Permissions);
        CheckSecret(command.Secret);
    }

    private static void CheckCommand(UpdateApiKeyCommand command)
    {
        CheckCaller(command.Caller);
        Require(HasLength(command.Name, 1, ApiKeyLimits.MaxNameLength), command.Name);
        CheckApiKeyPermissions(command.Permissions);
    }

    private static void CheckApiKeyPermissions(IReadOnlyList<string>? permissions) =>
        Require(permissions?.All(ApiKeyPermissions.All.Contains) != false, permissions);

    private static void CheckCommand(CreateWebhookCommand command)
    {
        CheckCaller(command.Caller);
        CheckIdempotency(command.Idempotency);
        Require(command.Url is not null && HasLength(command.Url, 1, WebhookLimits.MaxUrlLength), command.Url);
        CheckWebhook(command.Description, command.EventTypes);
    }

    private static void CheckCommand(UpdateWebhookCommand command)
    {
        CheckCaller(command.Caller);
        Require(HasLength(command.Url, 1, WebhookLimits.MaxUrlLength), command.Url);
        CheckWebhook(command.Description, command.EventTypes);
    }

    private static void CheckCommand(RotateWebhookSecretCommand command)
    {
        CheckCaller(command.Caller);
        CheckIdempotency(command.Idempotency);
        Require(
            command.GracePeriod >= TimeSpan.Zero && command.GracePeriod <= GracePeriod.Maximum, command.GracePeriod);
    }

    private static void CheckWebhook(string? description, IReadOnlyList<string>? eventTypes)
    {
        Require(HasLength(description, 0, WebhookLimits.MaxDescriptionLength), description);
        Require(eventTypes?.All(WebhookEventTypes.All.Contains) != false, eventTypes);
    }

    private static void CheckCaller(Caller caller) => CheckOrigin(caller.Actor, caller.Origin);

    private static void CheckOrigin(string actor, RequestOrigin? origin)
    {
        Require(HasLength(actor, 1, MaxActorLength), actor);
        Require(HasLength(origin?.ActorId, 1, MaxActorLength), origin);
        Require(HasLength(origin?.RequestId, 1, MaxOriginLength), origin);
        Require(HasLength(origin?.SourceAddress, 0, MaxOriginLength), origin);
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
