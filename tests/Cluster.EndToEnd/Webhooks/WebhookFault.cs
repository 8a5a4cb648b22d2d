namespace KeysCluster.Cluster.EndToEnd.Webhooks;

/// <summary>What is wrong with a message, whatever the events are.</summary>
/// <param name="Rule">The rule that the message violates.</param>
/// <param name="Message">The explanation for a person.</param>
internal sealed record WebhookFault(string Rule, string Message);
