using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Changes;

/// <content>The limits of the commands of projects, their API keys and their webhooks.</content>
internal static partial class CommandLimits
{
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
}
