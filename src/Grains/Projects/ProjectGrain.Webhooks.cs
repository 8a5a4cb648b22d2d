using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Time;
using KeysCluster.Projects;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Projects;

/// <content>The webhooks of the project. The rules are in <see cref="WebhookLifecycle"/>.</content>
internal sealed partial class ProjectGrain : IProjectGrain
{
    public async Task<ProjectResult> CreateWebhook(CreateWebhookCommand command)
    {
        if (FindProject() is not { } project) return NotFound;
        if (!webhookUrls.IsAllowed(command.Url)) return Refuse(project, ChangeOutcome.WebhookUrlNotAllowed);
        var result = await Changes.ExecuteAsync(
            project,
            now => WebhookLifecycle.Create(project, command, Pepper, now),
            command.Caller,
            command.Idempotency);

        // A replay returns the webhook that the first request has created, with its first id.
        var secretId = result.Outcome == ChangeOutcome.Replayed
            ? result.State!.LastEvent.SecretId!
            : command.SecretId.ToString();
        return CreateWebhookResult(result, result.State?.FindWebhookBySecret(secretId)?.Id);
    }

    public async Task<ProjectResult> UpdateWebhook(UpdateWebhookCommand command)
    {
        if (FindProject() is not { } project) return NotFound;
        if (project.FindWebhook(command.Id.ToString()) is not { } webhook) return WebhookNotFound(project);
        if (command.Url is { } url && !webhookUrls.IsAllowed(url))
            return Refuse(project, ChangeOutcome.WebhookUrlNotAllowed);
        return CreateWebhookResult(
            await Changes.ExecuteAsync(project, now => WebhookLifecycle.Update(project, webhook, command, now)),
            webhook.Id);
    }

    public async Task<ProjectResult> RotateWebhookSecret(RotateWebhookSecretCommand command)
    {
        if (FindProject() is not { } project) return NotFound;
        if (project.FindWebhook(command.Id.ToString()) is not { } webhook) return WebhookNotFound(project);
        return CreateWebhookResult(
            await Changes.ExecuteAsync(
                project,
                now => WebhookLifecycle.Rotate(project, webhook, command, Pepper, now),
                command.Caller,
                command.Idempotency),
            webhook.Id);
    }

    public async Task<ProjectResult> DeleteWebhook(Caller caller, WebhookId id)
    {
        if (FindProject() is not { } project) return NotFound;
        if (project.FindWebhook(id.ToString()) is not { } webhook) return WebhookNotFound(project);
        return CreateWebhookResult(
            await Changes.ExecuteAsync(project, now => WebhookLifecycle.Delete(project, webhook.Id, caller, now)),
            webhook.Id);
    }

    public async Task<ProjectResult> DisableFailingWebhook(WebhookId id, string url)
    {
        if (FindProject() is not { } project) return NotFound;
        if (project.FindWebhook(id.ToString()) is not { } webhook) return WebhookNotFound(project);
        return CreateWebhookResult(
            await Changes.ExecuteAsync(
                project, now => WebhookLifecycle.DisableFailing(project, webhook, url, now)),
            webhook.Id);
    }

    public async Task<ProjectResult> ResealWebhookSecrets()
    {
        if (FindProject() is not { } project) return NotFound;
        return CreateResult(await Changes.ExecuteAsync(
            project, now => WebhookLifecycle.Reseal(project, Peppers, now)));
    }

    private ProjectResult WebhookNotFound(ProjectState project) => Refuse(project, ChangeOutcome.WebhookNotFound);

    private ProjectResult Refuse(ProjectState project, ChangeOutcome outcome) =>
        new(outcome, project.ToProject(Time.GetUtcNowMilliseconds()));

    private static ProjectResult CreateWebhookResult(ChangeResult<ProjectState> result, string? webhookId)
    {
        var webhook = webhookId is null ? null : result.State?.FindWebhook(webhookId)?.ToWebhook(result.DecidedAt);
        return CreateResult(result) with { Webhook = webhook };
    }
}
