namespace KeysCluster.Storage.Tests;

public sealed class WebhookRedeliveryOnSqliteTests : WebhookRedeliveryTests;
