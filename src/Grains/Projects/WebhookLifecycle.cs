using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Webhooks;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// The rules of the webhooks of a project, as pure functions of the project's state, a command and the time.
/// </summary>
internal static class WebhookLifecycle
{
    public static readonly Caller DeliveringCaller =
        new(default, "webhook delivery", new RequestOrigin(ActorKind.System));

    public static Decision<ProjectState> Create(
        ProjectState state, CreateWebhookCommand command, Pepper pepper, DateTimeOffset now)
    {
        // The same create, repeated by a caller that did not receive the response.
        var secretId = command.SecretId.ToString();
        if (state.FindWebhookBySecret(secretId) is not null) return new(ChangeOutcome.Done, state);
        if (state.Webhooks.Count >= WebhookLimits.MaxWebhooks) return new(ChangeOutcome.TooManyWebhooks, state);

        var id = command.Id.ToString();
        var added = state.AddWebhook(new WebhookState
        {
            Id = id,
            Url = command.Url,
            Description = command.Description,
            EventTypes = command.EventTypes,
            CreatedAt = now,
            Secrets = [WebhookSecretSealer.Seal(command.Secret, secretId, id, pepper, now)],
        });
        return new(
            ChangeOutcome.Done,
            SecretHolderLifecycle.WithEvent(added, EventTypes.WebhookCreated, command.Caller, now, secretId));
    }

    /// <summary>Sets the fields of the command. Nothing else follows from a change of the URL.</summary>
    public static Decision<ProjectState> Update(
        ProjectState state, WebhookState webhook, UpdateWebhookCommand command, DateTimeOffset now)
    {
        var next = webhook with
        {
            Url = command.Url ?? webhook.Url,
            Description = command.SetsDescription ? command.Description : webhook.Description,
            EventTypes = command.SetsEventTypes ? command.EventTypes : webhook.EventTypes,
        };
        if (command.IsDisabled is { } disabled && disabled != webhook.DisabledAt is not null)
        {
            next = next with
            {
                DisabledAt = disabled ? now : null,
                EnabledAt = disabled ? next.EnabledAt : now,
                LastDisabledAt = disabled ? next.LastDisabledAt : webhook.DisabledAt,
                DisabledReason = WebhookDisabledReason.Requested,
            };
        }

        return next == webhook
            ? new(ChangeOutcome.Done, state)
            : new(ChangeOutcome.Done, SecretHolderLifecycle.WithEvent(
                state.ReplaceWebhook(next), EventTypes.WebhookUpdated, command.Caller, now));
    }

    public static Decision<ProjectState> Rotate(
        ProjectState state, WebhookState webhook, RotateWebhookSecretCommand command, Pepper pepper, DateTimeOffset now)
    {
        // The same rotation, repeated by a caller that did not receive the response.
        var secretId = command.SecretId.ToString();
        if (webhook.Secrets.Any(secret => secret.Id == secretId)) return new(ChangeOutcome.Done, state);

        var deadline = now + command.GracePeriod;
        var replaced = webhook.Secrets
            .Select(secret => secret with { ValidUntil = secret.ValidUntil ?? deadline })
            .Where(secret => !secret.HasExpired(now))
            .ToList();
        if (replaced.Count >= WebhookLimits.MaxSecrets) return new(ChangeOutcome.TooManyWebhookSecrets, state);

        var rotated = webhook with
        {
            Secrets =
            [
                WebhookSecretSealer.Seal(command.Secret, secretId, webhook.Id, pepper, now),
                .. replaced,
            ],
        };
        return new(ChangeOutcome.Done, SecretHolderLifecycle.WithEvent(
            state.ReplaceWebhook(rotated), EventTypes.WebhookRotated, command.Caller, now, secretId));
    }

    public static Decision<ProjectState> Delete(ProjectState state, string id, Caller caller, DateTimeOffset now) =>
        new(ChangeOutcome.Done, SecretHolderLifecycle.WithEvent(
            state.RemoveWebhook(id), EventTypes.WebhookDeleted, caller, now));

    /// <summary>Disables a webhook, unless it was changed since the deliveries that failed.</summary>
    public static Decision<ProjectState> DisableFailing(
        ProjectState state, WebhookState webhook, string url, DateTimeOffset now)
    {
        if (webhook.DisabledAt is not null || webhook.Url != url) return new(ChangeOutcome.Done, state);
        var disabled = webhook with { DisabledAt = now, DisabledReason = WebhookDisabledReason.Failing };
        return new(ChangeOutcome.Done, SecretHolderLifecycle.WithEvent(
            state.ReplaceWebhook(disabled), EventTypes.WebhookDisabled, DeliveringCaller, now));
    }

    /// <summary>
    /// Encrypts signing secrets under the current pepper. This is an event, but no change that a caller sees.
    /// </summary>
    public static Decision<ProjectState> Reseal(ProjectState state, PepperSet peppers, DateTimeOffset now)
    {
        var next = state.MapWebhookSecrets(
            webhook => WebhookSecretSealer.Reseal(webhook.Secrets, webhook.Id, peppers));
        return ReferenceEquals(next, state)
            ? new(ChangeOutcome.Done, state)
            : new(ChangeOutcome.Done, WithSystemEvent(
                next, EventTypes.WebhookResealed, SecretHolderLifecycle.RehashingCaller, now));
    }

    /// <summary>
    /// Removes signing secrets whose grace period ended up to <paramref name="eraseBefore"/>; returns the same instance
    /// when there are none.
    /// </summary>
    public static ProjectState EraseExpired(ProjectState state, DateTimeOffset now, DateTimeOffset eraseBefore)
    {
        var next = state.MapWebhookSecrets(webhook => webhook.Secrets.Any(secret => secret.HasExpired(eraseBefore))
            ? [.. webhook.Secrets.Where(secret => !secret.HasExpired(eraseBefore))]
            : webhook.Secrets);
        return ReferenceEquals(next, state)
            ? state
            : WithSystemEvent(next, EventTypes.Erased, SecretHolderLifecycle.ErasingCaller, now);
    }

    private static ProjectState WithSystemEvent(
        ProjectState state, string type, Caller caller, DateTimeOffset now) =>
        state with { ChangedAt = state.UpdatedAt, LastEvent = StateEvent.Create(type, caller, now) };
}
