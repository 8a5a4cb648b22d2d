namespace KeysCluster;

/// <summary>
/// The same call, made again after its answer was lost, ends as if it had been made once. Front ends repeat such calls
/// when the silo that they reached went away.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SafeToRepeatAttribute : Attribute;
