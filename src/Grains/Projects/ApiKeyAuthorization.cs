using KeysCluster.Grains.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// Decides which changes of API keys a caller may make, as pure functions. An API key gives no more than it has:
/// neither a permission that it lacks, nor validity beyond its own. The administrator and services are trusted. The
/// state of the project decides, in the same turn as the change, so that a permission that is taken away meanwhile
/// cannot be passed on. Source: docs/adr/0019-api-keys.md.
/// </summary>
internal static class ApiKeyAuthorization
{
    /// <summary>
    /// A repeated create gives the API key of the first one as it is now: it may have more permissions, or a later
    /// expiry, than when it was created.
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
    /// Added permissions are given until the expiry of the key, and an extended expiry gives all of them.
    /// </summary>
    public static ApiKeyDenial? FindDenial(
        ProjectState project, ApiKeyState key, UpdateApiKeyCommand command, DateTimeOffset now)
    {
        var next = ApiKeyLifecycle.Apply(key, command);
        var isExtended = (next.ExpiresAt ?? DateTimeOffset.MaxValue) > (key.ExpiresAt ?? DateTimeOffset.MaxValue);
        IReadOnlyList<string> added = [.. next.GrantedPermissions.Except(key.GrantedPermissions)];
        var given = isExtended ? next.GrantedPermissions : added.Count > 0 ? added : null;
        return FindDenial(project, command.Caller, now, given, next.ExpiresAt);
    }

    /// <summary>
    /// A rotation gives the new secret to the caller. The secret with which an API key rotated itself may repeat that
    /// request: it was current at the first one, whose response may have been lost.
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

    public static ApiKeyDenial? FindDenial(
        ProjectState project, ApiKeyState key, ChangeDeadlineCommand command, DateTimeOffset now)
    {
        var isShortened = key.Secrets.Find(command.Secret.ToString())?.ValidUntil >= command.ValidUntil;
        var given = isShortened ? null : key.GrantedPermissions;
        return FindDenial(project, command.Caller, now, given, command.ValidUntil);
    }

    /// <summary>A retiring secret may expire itself, such as by its holder who has replaced it.</summary>
    public static ApiKeyDenial? FindDenial(
        ProjectState project, ExpireRetiringSecretsCommand command, DateTimeOffset now)
    {
        var isOwn = command.Secret is { } secret && command.Caller.Origin?.ActorId == secret.ToString();
        return isOwn ? null : FindDenialOfDelete(project, command.Caller, now);
    }

    public static ApiKeyDenial? FindDenialOfDelete(ProjectState project, Caller caller, DateTimeOffset now) =>
        FindDenial(project, caller, now, given: null, validUntil: null);

    /// <param name="project">The project.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="now">The time.</param>
    /// <param name="given">
    /// The permissions that the change gives; null if it only takes away. An API key without permissions is given too.
    /// </param>
    /// <param name="validUntil">When what the change gives becomes invalid; null for never.</param>
    /// <param name="mayBeRetiring">Whether a retiring secret may make the change.</param>
    private static ApiKeyDenial? FindDenial(
        ProjectState project,
        Caller caller,
        DateTimeOffset now,
        IReadOnlyList<string>? given,
        DateTimeOffset? validUntil,
        bool mayBeRetiring = false)
    {
        if (caller.Origin?.Kind != ActorKind.ApiKey) return null;
        var secretId = caller.Origin.ActorId ?? "";
        if (project.FindApiKeyOfSecret(secretId) is not { } key) return new(ChangeOutcome.CallerInvalid);
        var secret = key.Secrets.Find(secretId)!;
        if (secret.HasExpired(now) || key.HasExpired(now)) return new(ChangeOutcome.CallerInvalid);
        if (secret.ValidUntil is not null && !mayBeRetiring) return new(ChangeOutcome.CallerRetiring);

        string[] missing =
        [
            .. (given ?? []).Prepend(ApiKeyPermissions.ManageApiKeys)
                .Except(key.GrantedPermissions, StringComparer.Ordinal),
        ];
        if (missing.Length > 0) return new(ChangeOutcome.PermissionMissing, missing);
        return given is null || key.ExpiresAt is not { } limit || validUntil <= limit
            ? null
            : new(ChangeOutcome.ExpiryExceedsCaller);
    }
}
