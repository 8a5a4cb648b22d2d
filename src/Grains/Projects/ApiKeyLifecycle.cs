using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// The rules of the API keys of a project, as pure functions of the project's state, a command and the time.
/// <see cref="ApiKeyAuthorization"/> decides who may make a change.
/// </summary>
internal static class ApiKeyLifecycle
{
    /// <summary>Retiring secrets, and half as many expired ones that may not be erased yet.</summary>
    private const int MaxReplacedSecrets = ApiKeyLimits.MaxRetiringSecrets * 3 / 2;

    public static Decision<ProjectState> Create(
        ProjectState state, CreateApiKeyCommand command, Pepper pepper, DateTimeOffset now)
    {
        // The same create, repeated by a caller that did not receive the response.
        if (state.FindApiKeyBySecret(command.Secret.Id.ToString()) is not null) return new(ChangeOutcome.Done, state);
        if (command.ExpiresAt <= now) return new(ChangeOutcome.ExpiryInThePast, state);
        if (state.ApiKeys.Count >= ApiKeyLimits.MaxApiKeys) return new(ChangeOutcome.TooManyApiKeys, state);

        var secret = StoredSecret.From(command.Secret, pepper, now);
        var added = state.AddApiKey(new ApiKeyState
        {
            Id = command.Id.ToString(),
            Name = command.Name,
            Permissions = command.Permissions,
            ExpiresAt = command.ExpiresAt,
            CreatedAt = now,
            Secrets = new SecretSet { CurrentSecret = secret },
        });
        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(added, EventTypes.ApiKeyCreated, command.Caller, now, secret.Id));
    }

    /// <summary>
    /// Sets the fields of the command. An earlier expiry also shortens the deadlines of retiring secrets; a later one
    /// extends none of them.
    /// </summary>
    public static Decision<ProjectState> Update(
        ProjectState state, ApiKeyState key, UpdateApiKeyCommand command, DateTimeOffset now)
    {
        if (command.SetsExpiresAt && command.ExpiresAt <= now) return new(ChangeOutcome.ExpiryInThePast, state);
        var next = Apply(key, command);

        // Every change of permissions or expiry waits for the caches: also an added permission, which front ends check
        // in what they have cached. Setting the same again waits too, because the first attempt may have failed to.
        var waits = command.Permissions is not null || command.SetsExpiresAt;
        if (next == key) return new(ChangeOutcome.Done, state, waits);

        if (next.ExpiresAt is { } expiry)
        {
            next = next with
            {
                Secrets = next.Secrets.WithDeadlines(
                    secret => expiry < secret.ValidUntil ? expiry : secret.ValidUntil, now),
            };
        }

        var updated = SecretHolderLifecycle.WithEvent(
            state.ReplaceApiKey(next), EventTypes.ApiKeyUpdated, command.Caller, now, key.Secrets.CurrentSecret.Id);
        return new(ChangeOutcome.Done, updated, waits);
    }

    /// <summary>Returns the API key with the fields of a command; the same instance when they are equal.</summary>
    public static ApiKeyState Apply(ApiKeyState key, UpdateApiKeyCommand command)
    {
        var permissions = command.Permissions is { } list && !list.ToHashSet().SetEquals(key.GrantedPermissions)
            ? list
            : key.Permissions;
        var next = key with
        {
            Name = command.Name ?? key.Name,
            Permissions = permissions,
            ExpiresAt = command.SetsExpiresAt ? command.ExpiresAt : key.ExpiresAt,
        };
        return next == key ? key : next;
    }

    /// <summary>Deletes an API key with its hashes.</summary>
    public static Decision<ProjectState> Delete(
        ProjectState state, ApiKeyState key, Caller caller, DateTimeOffset now) =>
        new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(
                state.RemoveApiKey(key.Id), EventTypes.ApiKeyDeleted, caller, now, key.Secrets.CurrentSecret.Id),
            RequiresInvalidation: true);

    /// <summary>
    /// Rotates an API key. The replaced secret keeps its permissions for reads and verification only, so it loses
    /// authority at once: the change waits for every cache.
    /// </summary>
    public static Decision<ProjectState> Rotate(
        ProjectState state,
        ApiKeyState key,
        RotateSecretCommand command,
        Pepper pepper,
        DateTimeOffset now,
        DateTimeOffset eraseBefore)
    {
        var secret = StoredSecret.From(command.Secret, pepper, now);
        if (state.FindSecret(secret.Id) is null
            && (state.SecretSets.Sum(secrets => secrets.CountRetiring(now)) >= ApiKeyLimits.MaxRetiringSecrets
                || state.SecretSets.Sum(secrets => secrets.Replaced.Length) >= MaxReplacedSecrets))
            return new(ChangeOutcome.TooManyRetiringSecrets, state);
        var decision = SecretSetRules
            .Rotate(key.Secrets, secret, command.GracePeriod, key.ExpiresAt, now, eraseBefore)
            .ApplyTo(state, command.Caller, now, secrets => state.ReplaceApiKey(key with { Secrets = secrets }));
        return decision with { RequiresInvalidation = true };
    }

    public static Decision<ProjectState> ExpireRetiring(
        ProjectState state, ApiKeyState key, ExpireRetiringSecretsCommand command, DateTimeOffset now) =>
        SecretSetRules
            .ExpireRetiring(key.Secrets, command.Secret, now)
            .ApplyTo(state, command.Caller, now, secrets => state.ReplaceApiKey(key with { Secrets = secrets }));

    public static Decision<ProjectState> ChangeDeadline(
        ProjectState state, ApiKeyState key, ChangeDeadlineCommand command, DateTimeOffset now) =>
        SecretSetRules
            .ChangeDeadline(key.Secrets, command.Secret, command.ValidUntil, key.ExpiresAt, now)
            .ApplyTo(state, command.Caller, now, secrets => state.ReplaceApiKey(key with { Secrets = secrets }));
}
