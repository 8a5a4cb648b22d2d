namespace KeysCluster;

/// <summary>
/// Marks a grain method that may be called again after its response was lost: the repeated call has the same effect as
/// a single one, whatever other callers did in between. A command that makes a new secret has it only with an
/// idempotency key. Front ends retry such calls when a silo fails. They retry any other call only when it was rejected
/// before it ran.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RetryableAttribute : Attribute;
