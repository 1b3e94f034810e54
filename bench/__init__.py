"""What Salestream costs, counted: DynamoDB calls and capacity units, cold start, CPU, package size."""
