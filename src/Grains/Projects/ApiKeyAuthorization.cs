using KeysCluster.Grains.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// Decides which changes of API keys a caller may make, as pure functions. An API key grants no more than it has:
/// neither a permission that it lacks, nor validity beyond its own. The administrator and services are trusted. The
/// state of the project decides, in the same turn as the change, so that a permission that is taken away meanwhile
/// cannot be passed on. Source: docs/adr/0019-api-keys.md. The permissions of a person are those of the request,
/// because settings grant them. Source: docs/adr/0031-sign-in-with-openid-connect.md.
/// </summary>
internal static class ApiKeyAuthorization
{
    /// <summary>
    /// A repeated create returns the secret of the API key that the first one created. That API key may have more
    /// permissions, or a later expiry, by now.
    /// </summary>
    public static ApiKeyDenial? FindDenial(
        ProjectState project, CreateApiKeyCommand command, ApiKeyState? replayed, DateTimeOffset now)
    {
        if (FindDenial(project, command.Caller, now, command.Permissions, command.ExpiresAt) is { } denial)
            return denial;
        return replayed is null
            ? null
            : FindDenial(project, command.Caller, now, replayed.GrantedPermissions, replayed.ExpiresAt);
    }

    /// <summary>
    /// Added permissions are granted until the expiry of the key. An extended expiry grants all of its permissions.
    /// </summary>
    public static ApiKeyDenial? FindDenial(
        ProjectState project, ApiKeyState key, UpdateApiKeyCommand command, DateTimeOffset now)
    {
        var next = ApiKeyLifecycle.Apply(key, command);
        var isExtended = (next.ExpiresAt ?? DateTimeOffset.MaxValue) > (key.ExpiresAt ?? DateTimeOffset.MaxValue);
        IReadOnlyList<string> added = [.. next.GrantedPermissions.Except(key.GrantedPermissions)];
        var granted = isExtended ? next.GrantedPermissions : added.Count > 0 ? added : null;
        return FindDenial(project, command.Caller, now, granted, next.ExpiresAt);
    }

    /// <summary>
    /// A rotation grants the caller all that the API key may do. The secret with which an API key rotated itself may
    /// repeat that request: it was current at the first one, whose response may have been lost.
    /// </summary>
    public static ApiKeyDenial? FindDenial(
        ProjectState project,
        ApiKeyState key,
        RotateSecretCommand command,
        IdempotencyRecord? record,
        DateTimeOffset now)
    {
        var isReplayToItself = record?.RotatedByItself is { } secretId
            && secretId == command.Caller.Origin?.ActorId
            && record.Matches(command.Idempotency!)
            && !record.HasExpired(now);
        return FindDenial(
            project, command.Caller, now, key.GrantedPermissions, key.ExpiresAt, mayBeRetiring: isReplayToItself);
    }

    /// <summary>Returns why a caller may not rotate an API key, even if it repeats its rotation of itself.</summary>
    public static ApiKeyDenial? FindReplayDenial(
        ProjectState project, ApiKeyState key, RotateSecretCommand command, DateTimeOffset now) =>
        FindDenial(
            project,
            command.Caller,
            now,
            key.GrantedPermissions,
            key.ExpiresAt,
            mayBeRetiring: command.Idempotency is not null);

    public static ApiKeyDenial? FindDenial(
        ProjectState project, ApiKeyState key, ChangeDeadlineCommand command, DateTimeOffset now)
    {
        var isShortened = key.Secrets.Find(command.Secret.ToString())?.ValidUntil >= command.ValidUntil;
        var granted = isShortened ? null : key.GrantedPermissions;
        return FindDenial(project, command.Caller, now, granted, command.ValidUntil);
    }

    /// <summary>A caller may expire its own secret, such as one that it has replaced.</summary>
    public static ApiKeyDenial? FindDenial(
        ProjectState project, ExpireRetiringSecretsCommand command, DateTimeOffset now)
    {
        var isOwn = command.Secret is { } secret && command.Caller.Origin?.ActorId == secret.ToString();
        return isOwn ? null : FindDeleteDenial(project, command.Caller, now);
    }

    public static ApiKeyDenial? FindDeleteDenial(ProjectState project, Caller caller, DateTimeOffset now) =>
        FindDenial(project, caller, now, granted: null, validUntil: null);

    /// <param name="project">The project.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="now">The time.</param>
    /// <param name="granted">
    /// The permissions that the change grants, which may be none; null if the change only takes away.
    /// </param>
    /// <param name="validUntil">The time until which the change grants them; null for ever.</param>
    /// <param name="mayBeRetiring">Whether a retiring secret may make the change.</param>
    private static ApiKeyDenial? FindDenial(
        ProjectState project,
        Caller caller,
        DateTimeOffset now,
        IReadOnlyList<string>? granted,
        DateTimeOffset? validUntil,
        bool mayBeRetiring = false)
    {
        if (caller.Origin is { Kind: ActorKind.User } person) return FindMissing(person.Permissions ?? [], granted);
        if (caller.Origin?.Kind != ActorKind.ApiKey) return null;
        var secretId = caller.Origin.ActorId ?? "";
        if (project.FindApiKeyBySecret(secretId) is not { } key) return new(ChangeOutcome.CallerInvalid);
        var secret = key.Secrets.Find(secretId)!;
        if (secret.HasExpired(now) || key.HasExpired(now)) return new(ChangeOutcome.CallerInvalid);
        if (secret.ValidUntil is not null && !mayBeRetiring) return new(ChangeOutcome.CallerRetiring);

        if (FindMissing(key.GrantedPermissions, granted) is { } denial) return denial;
        return granted is null || key.ExpiresAt is not { } limit || validUntil <= limit
            ? null
            : new(ChangeOutcome.ExpiryExceedsCaller);
    }

    private static ApiKeyDenial? FindMissing(IReadOnlyList<string> permissions, IReadOnlyList<string>? granted)
    {
        string[] missing =
        [
            .. (granted ?? []).Prepend(ApiKeyPermissions.ManageApiKeys).Except(permissions, StringComparer.Ordinal),
        ];
        return missing.Length > 0 ? new(ChangeOutcome.PermissionMissing, missing) : null;
    }
}
